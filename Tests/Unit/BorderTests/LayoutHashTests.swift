import Testing

/// The border's text, without comments and white space, is pinned: no change slips in.
@Suite struct LayoutHashTests {
  /// By header, ``BorderHeader/hash``.
  private static let committed: [String: UInt64] = [
    "sentry_plugin.h": 0x15E2_4101_1130_BD68,
    "sentry/augmenter.h": 0xD3D1_A028_F796_248C,
    "sentry/communicator.h": 0xD3BC_E3F3_80B6_65CA,
    "sentry/dataset.h": 0xB151_770D_6A80_539C,
    "sentry/detector.h": 0xAF42_C757_C7DE_DC7D,
    "sentry/features.h": 0x93ED_3D5A_2A37_4FDA,
    "sentry/model.h": 0x8BCE_082C_5CB7_4707,
    "sentry/source.h": 0xCEF0_041B_7E34_DF89,
    "sentry/trainer.h": 0x3601_B3EF_17C2_4478,
    "sentry/video.h": 0x2B71_2092_8E36_763A,
  ]

  @Test func everyHeaderIsPinned() {
    #expect(Set(BorderHeader.all.map(\.name)) == Set(Self.committed.keys))
  }

  @Test(arguments: BorderHeader.all) func theHeaderIsAsItWasCommitted(header: BorderHeader) {
    #expect(
      header.hash == Self.committed[header.name],
      """
      \(header.name) changed: its hash is now 0x\(String(header.hash, radix: 16, uppercase: true)).
      If that is intended: only append members, raise SENTRY_ABI_MINOR, say in each new member's comment since which
      version it is, pin its offset in layout.c, describe it in docs/plugin-border.md and CHANGELOG.md, and commit the new
      hash here. A draft that changes gets the next number in its id. Anything else that changes the layout is a new major
      version, with a new entry symbol.
      """)
  }

  @Test func everyStructButThoseOfDLPackStartsWithItsSize() {
    let ofDLPack: Set = ["sentry_device", "sentry_dtype", "sentry_tensor", "sentry_managed_tensor"]
    var seen: Set<String> = []
    for header in BorderHeader.all {
      for match in header.code.matches(of: #/struct\s+(?:SENTRY_SENDABLE\s+)?SENTRY_TAG\((\w+)\)\s*\{\s*([^;]*);/#) {
        let name = String(match.1)
        seen.insert(name)
        if ofDLPack.contains(name) { continue }
        #expect(match.2 == "uint32_t struct_size", "\(name)")
        // What a reader may require stands beside it, and layout.c pins it.
        #expect(header.code.contains("#define \(name.uppercased())_SIZE_1_0 "), "\(name)")
      }
    }
    #expect(seen.isSuperset(of: ofDLPack))
    #expect(seen.count == 49, "\(seen.sorted())")
  }

  /// What an extension says of itself is what its id says.
  @Test func everyExtensionIsStableOrADraft() throws {
    var ids: [String] = []
    for header in BorderHeader.all {
      for match in header.text.matches(of: #/\/\*((?:(?!\*\/)(?s:.))*)\*\/\s*#define SENTRY_EXTENSION_\w+ "([^"]+)"/#) {
        let id = String(match.2)
        ids.append(id)
        let isDraft = id.wholeMatch(of: #/sentry\.[a-z.-]+\/draft-[1-9][0-9]*/#) != nil
        #expect(isDraft || id.wholeMatch(of: #/sentry\.[a-z.-]+\/[1-9][0-9]*/#) != nil, "\(id)")
        #expect(
          match.1.contains(isDraft ? "Draft: " : "Stable") && !match.1.contains(isDraft ? "Stable" : "Draft"), "\(id)")
      }
    }
    #expect(Set(ids).count == 22)
  }
}
