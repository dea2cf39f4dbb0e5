import Glibc

/// Where a file's blocks are (linux/fiemap.h), to tell those that it shares with a clone.
enum FileExtents {
    // _IOWR('f', 11, struct fiemap), a C macro that Swift does not import.
    private static let request: UInt = 0xC020_660B
    private static let isLast: UInt32 = 0x1
    private static let isShared: UInt32 = 0x2000
    private static let headerSize = 32
    private static let extentSize = 56
    private static let perCall = 64

    /// 0 when the file system can't tell.
    static func sharedBytes(of file: Int32) -> Int {
        let map = UnsafeMutableRawBufferPointer.allocate(byteCount: headerSize + extentSize * perCall, alignment: 8)
        defer { map.deallocate() }
        var (start, shared) = (UInt64(0), UInt64(0))
        while true {
            map.initializeMemory(as: UInt8.self, repeating: 0)
            map.storeBytes(of: start, toByteOffset: 0, as: UInt64.self)
            map.storeBytes(of: .max &- start, toByteOffset: 8, as: UInt64.self)
            map.storeBytes(of: UInt32(perCall), toByteOffset: 24, as: UInt32.self)
            guard let base = map.baseAddress, ioctl(file, request, base) == 0 else { return 0 }
            let count = min(Int(map.load(fromByteOffset: 20, as: UInt32.self)), perCall)
            if count == 0 { return Int(clamping: shared) }
            for index in 0..<count {
                let offset = headerSize + extentSize * index
                let length = map.load(fromByteOffset: offset + 16, as: UInt64.self)
                let flags = map.load(fromByteOffset: offset + 40, as: UInt32.self)
                if flags & isShared != 0 { shared &+= length }
                start = map.load(fromByteOffset: offset, as: UInt64.self) &+ length
                if flags & isLast != 0 { return Int(clamping: shared) }
            }
        }
    }
}
