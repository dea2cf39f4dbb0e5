import CrateValues
import Testing

@Suite struct PathTextTests {
    @Test(arguments: [
        ("", []), ("/", []), ("a", ["a"]), ("/a//b/", ["a", "b"]), ("../\u{301}d/../x", ["..", "\u{301}d", "..", "x"]), ("a/..\u{301}/b", ["a", "..\u{301}", "b"]),
    ])
    func partsAreThoseOfTheSystem(_ path: String, _ parts: [String]) {
        #expect(path.pathParts().map { Array($0.utf8) } == parts.map { Array($0.utf8) })
    }

    @Test func nothingBetweenSlashesCanBeKept() {
        #expect("/a//b/".pathParts(keepingEmpty: true).map(String.init) == ["", "a", "", "b", ""])
        #expect("/\u{301}".isAbsolutePath && !"a/".isAbsolutePath && !"".isAbsolutePath)
    }

    @Test func spellingsOfAnAccentAreTwoTexts() {
        #expect("é" == "e\u{301}" && ExactText("é") != ExactText("e\u{301}"))
        #expect(Set(["é", "e\u{301}", "é"].map(ExactText.init)).count == 2)
    }
}
