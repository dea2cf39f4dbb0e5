import CDigest

/// SHA-256 (FIPS 180-4) of bytes that may come in pieces.
public struct SHA256Digest: Sendable {
    private var context = SHA256_CTX()

    public init() { SHA256_Init(&context) }

    /// Takes in the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    public mutating func update(_ bytes: Bytes) { bytes.withBytes { update($0) } }

    public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// The 32 bytes of the digest of what came so far.
    public func finish() -> [UInt8] {
        var copy = context
        return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
            SHA256_Final(buffer.baseAddress, &copy)
            count = Int(SHA256_DIGEST_LENGTH)
        }
    }

    /// The digest of what came so far as 64 lower-case hexadecimal digits.
    public func hex() -> String { SHA256Digest.hex(finish()) }

    /// The digest of `bytes` as 64 lower-case hexadecimal digits.
    public static func hex(of bytes: Bytes) -> String { bytes.withBytes { hex(of: $0) } }

    public static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        var digest = SHA256Digest()
        digest.update(bytes)
        return digest.hex()
    }

    public static func hex(of bytes: [UInt8]) -> String { bytes.withUnsafeBytes { hex(of: $0) } }

    /// Two lower-case hexadecimal digits per byte.
    private static func hex(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[2 * index] = digit(byte >> 4)
                buffer[2 * index + 1] = digit(byte & 15)
            }
            return bytes.count * 2
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
}
