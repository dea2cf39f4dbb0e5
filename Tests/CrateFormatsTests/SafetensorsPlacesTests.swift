import CrateFormats
import CrateValues
import Testing

@Suite struct SafetensorsPlacesTests {
    @Test func `missing data are missed at the end`() {
        let header = #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
        let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        let file = Bytes(length + Array(header.utf8) + [1, 2])
        let error = mediaError { () throws(FormatError) in _ = try Safetensors.decode(file) }
        #expect(error?.kind == .truncated)
        #expect(error?.place == .byte(file.count))
    }
}
