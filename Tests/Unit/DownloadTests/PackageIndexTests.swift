import Testing

@testable import SentryDownload

@Suite struct PackageIndexTests {
  @Test func aProjectsPageIsAddressedByItsNormalisedName() {
    #expect(PackageIndex().page(of: "Toy_Weights.x") == "https://pypi.org/simple/toy-weights-x/")
    #expect(PackageIndex("http://host/root/").page(of: "a--b") == "http://host/root/a-b/")
  }

  @Test func linksAreReadWhateverTheirForm() {
    let page = """
      <!DOCTYPE html><a name="top">Links</a>
      <a href="https://files.example/a/x-1.0-py3-none-any.whl#sha256=AB12" data-requires-python="&gt;=3.8">x-1.0-py3-none-any.whl</a><br/>
      <A data-yanked='' HREF='../../packages/x-1.0.tar.gz'> x-1.0.tar.gz </A>
      <a href="/root/x%2B1.whl?a=1&amp;b=2#md5=ff">x+1.whl</a>
      """
    let files = PackageIndex.files(in: page, at: "http://host/pypi/simple/x/")
    #expect(
      files == [
        .init(
          name: "x-1.0-py3-none-any.whl", url: "https://files.example/a/x-1.0-py3-none-any.whl", sha256: "AB12"),
        .init(name: "x-1.0.tar.gz", url: "http://host/pypi/packages/x-1.0.tar.gz", sha256: nil),
        .init(name: "x+1.whl", url: "http://host/root/x%2B1.whl?a=1&b=2", sha256: nil),
      ])
    #expect(PackageIndex.files(in: "<a <a href=\"", at: "http://host/").isEmpty)
  }

  @Test func theWheelForThisSystemComesFirst() {
    let names = [
      "x-1.0-cp311-cp311-macosx_11_0_universal2.whl", "x-1.0-cp39-cp39-manylinux_2_17_aarch64.whl",
      "x-1.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "x-1.0.1-cp39-cp39-manylinux_2_17_x86_64.whl",
      "X-1.0-1-cp39-cp39-manylinux_2_17_x86_64.whl", "y-1.0-py3-none-any.whl", "x-1.0.tar.gz", "x-1.0-.whl",
    ]
    let files = names.map { PackageIndex.File(name: $0, url: "u", sha256: nil) }
    #expect(
      WheelName.candidates(among: files, project: "x", version: "1.0").map(\.name) == [
        names[4], names[2], names[1], names[0],
      ])
  }
}
