import Testing
@testable import SentryRuntime

/// What `sentry doctor` concludes from names and numbers.
@Suite struct DoctorFactsTests {
  @Test func kernelsOfACPU() {
    #expect(KernelLevel(highest: 2, asked: nil).name == nil)
    #expect(KernelLevel(highest: 2, asked: "avx2").note == "this CPU has neither AVX2 with FMA nor AVX-512")
    #expect(KernelLevel(highest: 4, asked: nil) == KernelLevel(name: "avx512"))
    #expect(KernelLevel(highest: 5, asked: "avx512").name == "avx512")
    let beyond = KernelLevel(highest: 4, asked: "avx512bf16")
    #expect(beyond.name == nil && beyond.note == "SENTRY_CPU=avx512bf16 is refused; this CPU has avx2, avx512")
  }

  @Test(arguments: [
    ("libdnnl.so.2", "/usr/lib/libdnnl.so.2.6", "2.6"), ("libz.so.1", "/usr/lib/libz.so.1.2.13", "1.2.13"),
    ("libopenblas.so.0", "/usr/lib/openblas-pthread/libopenblasp-r0.3.21.so", "0.3.21"),
    ("libopencv_core.so.406", "/usr/lib/libopencv_core.so.4.6.0", "4.6.0"),
    ("libssl.so.1.1", "/l/libssl.so.1.1", "1.1"),
    ("libc.so.6", "/usr/lib/libc-2.31.so", "2.31"), ("libc.so.6", "/usr/lib/libc.so.6", nil),
    ("libm.so.6", "/2.36/libm.so.6", nil), ("libswiftCore.so", "/swift-6.3/libswiftCore.so", nil),
  ])
  func versionsOfFiles(name: String, file: String, version: String?) {
    #expect(PluginDeclaration.Library(name: name, file: file).version == version)
  }
}
