#!/bin/sh
# A program or plugin loads only the libraries that it computes with: a reader of .npy loads no OpenCV, and the program
# starts in 10 ms because it loads none of them. Usage: Tests/needed-check.sh [SCRATCH], after a release build.
cd "$(dirname "$0")/.." || exit 2
release=${1:-.build}/release
failed=0
# refuse LIBRARIES FILE...: none of the files may need a library that matches.
refuse() {
  libraries=$1
  shift
  for file; do
    [ -f "$release/$file" ] || { echo "needed-check: $release/$file is not built"; exit 2; }
    needed=$(readelf --dynamic --wide "$release/$file") || exit 2
    if found=$(printf '%s\n' "$needed" | grep NEEDED | grep -E "$libraries"); then
      printf '%s must not load:\n%s\n' "$file" "$found"
      failed=1
    fi
  done
}
refuse 'opencv' libDatasetPosture.so libDatasetFeatures.so libDatasetSyntheticPosture.so libAugmentSequence.so \
  libFeaturesPosture.so \
  libSourcesPosture.so libSourcesFaces.so libTrainerSupervised.so libEmotionDenseNet.so libPostureTCNLSTM.so libClassifierHeads.so \
  libBackboneMobileNetV3.so libRecipeEmotion.so
refuse 'dnnl|openblas' libDatasetPosture.so libDatasetFeatures.so libDatasetSyntheticPosture.so libDatasetFER2013.so \
  libDatasetAffectNet.so libDatasetSyntheticFaces.so libAugmentFace.so libAugmentSequence.so libSourcesPosture.so libSourcesFaces.so \
  libFeaturesPosture.so libDatasetRAFDB.so libDatasetCKPlus.so libTrainerSupervised.so libRecipeEmotion.so
# What is large and opened when it is needed.
refuse 'libav|swscale|SDL|opencv_imgcodecs' libVideoFFmpeg.so libDatasetFER2013.so libDatasetAffectNet.so libAugmentFace.so \
  libDatasetRAFDB.so libDatasetCKPlus.so
refuse 'dnnl|openblas' libVideoFFmpeg.so
refuse 'opencv|dnnl|openblas|curl|FoundationNetworking' sentry
refuse 'opencv|dnnl|openblas' sentry-serve
[ "$failed" -eq 0 ] && echo "needed-check: plugins and program load only what they compute with"
exit $failed
