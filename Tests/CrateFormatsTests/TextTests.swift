import CrateFormats
import CrateValues
import Testing

@Suite struct TextTests {
    @Test(arguments: Samples.named("text/"))
    func sample(_ sample: Sample) throws {
        let decoded = try Text.decode(sample.bytes())
        #expect(decoded.isGuess == sample.name.contains("latin1"))
        if let expected = sample.expect?["text"]?.string {
            #expect(Array(decoded.text.utf8) == Array(expected.utf8))
        }
        let sink = MemorySink()
        try Text.encode(decoded.text, to: sink)
        #expect(Array(decoded.text.utf8) == sink.array)
    }

    @Test func utf16BothWays() throws {
        let text = "aé✓😀\u{0}"
        let little: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(try Text.decode(Bytes(little)).text == text)
        #expect(try Text.decode(Bytes(big)).text == text)
        #expect(try Text.decode(Bytes(big)).encoding == .utf16BigEndian)
        let odd = #expect(throws: FormatError.self) { try Text.decode(Bytes(little.dropLast())) }
        #expect(odd?.kind == .truncated)
        for lone in [[0xFF, 0xFE, 0x61, 0, 0x3D, 0xD8], [0xFF, 0xFE, 0x61, 0, 0x3D, 0xD8, 0x61, 0], [0xFF, 0xFE, 0x61, 0, 0, 0xDE]]
            as [[UInt8]]
        {
            let error = #expect(throws: FormatError.self) { try Text.decode(Bytes(lone)) }
            #expect(error?.kind == .malformed && error?.place == .byte(4))
        }
    }

    /// What UTF-8 forbids is taken for Latin-1, never repaired.
    @Test(arguments: [[0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xFF]] as [[UInt8]])
    func invalidUTF8IsLatin1(_ bytes: [UInt8]) throws {
        let decoded = try Text.decode(Bytes(bytes))
        #expect(decoded.isGuess)
        #expect(decoded.text.unicodeScalars.map(\.value) == bytes.map(UInt32.init))
    }

    @Test func controlsAreShown() throws {
        let controls = try Text.decode(Samples.bytes("text/controls.txt")).text
        let shown = controls.escapedForTerminal
        #expect(controls.unicodeScalars.contains("\u{1b}"))
        #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
        #expect("a\u{1b}[2J\u{7}\r\u{202e}x\u{9b}é😀👨‍👩‍👧\n\t".escapedForTerminal == "a\\x1b[2J\\x07\\x0d\\u{202e}x\\x9bé😀👨‍👩‍👧\n\t")
        #expect("plain".escapedForTerminal == "plain")
    }
}
