import CrateValues
import Foundation
import Testing

@testable import OpenCrate

@Suite struct TreeTests {
    let folder: TemporaryFolder
    let files: Files

    init() throws {
        folder = try TemporaryFolder()
        files = Files(workingDirectory: folder.path, system: OperatingSystem(clock: SteppingClock()))
        for (path, size) in [("snapshots/b/v0/texts/B.txt", 10), ("snapshots/b/v0/texts/a.txt", 2048), ("snapshots/b/v0/b.log", 0), ("snapshots/a.TXT", 5)] {
            try folder.write([UInt8](repeating: 0, count: size), to: path)
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_795_379_340)], ofItemAtPath: folder.path(path))
        }
    }

    @Test func foldersFirstThenFilesByLowerCasedName() throws {
        #expect(
            try files.tree("snapshots", depth: 4).lines() == [
                "snapshots", "├── b/", "│   └── v0/", "│       ├── texts/", "│       │   ├── a.txt", "│       │   └── B.txt", "│       └── b.log",
                "└── a.TXT",
            ])
    }

    @Test func depthAndExtensions() throws {
        #expect(try files.tree("snapshots").lines() == ["snapshots", "├── b/", "│   └── v0/", "└── a.TXT"])
        #expect(try files.tree("snapshots", depth: 0).lines() == ["snapshots"])
        #expect(try files.tree("snapshots", depth: nil, extensions: [".log"]).lines() == ["snapshots", "└── b/", "    └── v0/", "        ├── texts/", "        └── b.log"])
        #expect(try files.tree("snapshots", depth: 1, extensions: ["txt"]).lines() == ["snapshots", "├── b/", "└── a.TXT"])
    }

    @Test func verboseShowsTimesAndSizes() throws {
        let lines = try files.tree("snapshots/b/v0", depth: nil).lines(verbose: true)
        #expect(lines[1].hasPrefix("├── texts/ (") && lines[1].hasSuffix(", 2.01 KB)"))
        #expect(lines[2] == "│   ├── a.txt (2026-11-22 20:29, 2.00 KB)")
        #expect(lines[4] == "└── b.log (2026-11-22 20:29, 0 Bytes)")
        let coloured = try files.tree("snapshots/b/v0", depth: 1).lines(verbose: true, inColour: true)
        #expect(coloured[1].hasPrefix("├── \u{1B}[34;1mtexts/\u{1B}[0m \u{1B}[2m("))
    }

    @Test func linksAreShownNotFollowed() throws {
        try folder.link("snapshots/loop", to: ".")
        #expect(try files.tree("snapshots", depth: nil).lines().last == "└── loop")
    }

    @Test func controlCharactersDoNotReachTheTerminal() throws {
        try folder.write("x", to: "odd/\u{1B}[31mred\n")
        #expect(try files.tree("odd").lines() == ["odd", "└── \u{FFFD}[31mred\u{FFFD}"])
    }

    @Test func missingOrNoFolder() throws {
        failure("notFound") { _ = try files.tree("gone") }
        failure("invalid") { _ = try files.tree("snapshots/a.TXT") }
    }

    @Test(arguments: [
        (0, "0 Bytes"), (1023, "1023 Bytes"), (1024, "1.00 KB"), (275_477, "269.02 KB"), (1_048_575, "1024.00 KB"), (1_048_576, "1.00 MB"),
        (1 << 30, "1.00 GB"), (5 << 40, "5.00 TB"), (1 << 52, "4096.00 TB"), (1029, "1.00 KB"), (1085, "1.06 KB"),
    ])
    func sizes(_ bytes: Int, _ text: String) { #expect(ByteCount.text(bytes) == text) }
}
