import CrateValues

extension PyTorch {
    /// Writes `document` as `torch.save` would, for `torch.load` with `weights_only=True`.
    ///
    /// Tensors that share their bytes share one storage in the file, with their strides kept. `rootName` names the folder
    /// inside, usually the file's stem. Data begin at multiples of 64 bytes, so that the file can be mapped.
    public static func encode(_ document: Document, rootName: String, limits: Limits = .standard, to sink: any ByteSink) throws(FormatError)
    {
        var writer = PickleWriter(TorchDialect(sharing: StorageSharing(document)), format: format, limits: limits)
        let program = try writer.finish(document).bytes
        let root = rootName.isEmpty || rootName.utf8.contains(UInt8(ascii: "/")) ? "archive" : rootName
        var archive = ZipWriter(sink)
        try archive.add("\(root)/data.pkl", Bytes(program), alignment: 64)
        try archive.add("\(root)/byteorder", text: "little")
        for (key, storage) in writer.dialect.storages.enumerated() {
            try archive.add("\(root)/data/\(key)", try storage.bytes(), alignment: 64)
        }
        try archive.add("\(root)/version", text: "3\n")
        try archive.finish()
    }
}

/// Says which tensors of a document share their bytes.
struct StorageSharing {
    /// A stretch of memory seen as elements of one type.
    struct Key: Hashable {
        let region: ObjectIdentifier
        let range: Range<Int>
        let dtype: DType

        init(_ tensor: Tensor) {
            region = ObjectIdentifier(tensor.bytes.region)
            range = tensor.bytes.range
            dtype = tensor.dtype
        }
    }

    private let users: [Key: Int]

    init(_ document: Document) {
        var users: [Key: Int] = [:]
        document.forEachTensor { users[Key($0), default: 0] += 1 }
        self.users = users
    }

    func isShared(_ tensor: Tensor) -> Bool { users[Key(tensor), default: 0] > 1 }
}

/// PyTorch's way to write tensors: `_rebuild_tensor_v2(storage, offset, sizes, strides, …)`.
struct TorchDialect: PickleDialect {
    /// What one `data/<key>` holds.
    enum Storage {
        case shared(Bytes)
        /// The elements in C order, made only when they are written.
        case compacted(Tensor)

        func bytes() throws(FormatError) -> Bytes {
            switch self {
            case .shared(let bytes): return bytes
            case .compacted(let tensor):
                return try ElementBytes.computed(PyTorch.format) { () throws(ArrayError) in try tensor.copied() }.bytes
            }
        }
    }

    let protocolVersion = 2
    private(set) var storages: [Storage] = []
    private var keys: [StorageSharing.Key: Int] = [:]
    private let sharing: StorageSharing

    init(sharing: StorageSharing) { self.sharing = sharing }

    mutating func write(_ tensor: Tensor, to opcodes: inout PickleOpcodes) throws(FormatError) {
        guard Tensor.isCountable(tensor.shape, elementSize: tensor.dtype.size) else {
            throw FormatError(.limit, PyTorch.format, "is too large")
        }
        guard tensor.marks.contains(.parameter) else { return try writePlain(tensor, to: &opcodes) }
        opcodes.label("torch._utils", "_rebuild_parameter")
        opcodes.append(.mark)
        try writePlain(tensor, to: &opcodes)
        opcodes.append(tensor.marks.contains(.requiresGrad) ? .newTrue : .newFalse)
        opcodes.call("collections", "OrderedDict") { _ in }
        opcodes.append(.tuple)
        opcodes.append(.reduce)
    }

    private mutating func writePlain(_ tensor: Tensor, to opcodes: inout PickleOpcodes) throws(FormatError) {
        if keepsView(of: tensor) {
            let key = keys[StorageSharing.Key(tensor)] ?? add(.shared(tensor.bytes), for: tensor)
            write(tensor, key: key, byteCount: tensor.bytes.count, offset: tensor.offset, strides: tensor.strides, to: &opcodes)
        } else {
            guard let strides = Tensor.contiguousStrides(tensor.shape) else { throw FormatError(.limit, PyTorch.format, "is too large") }
            storages.append(.compacted(tensor))
            write(tensor, key: storages.count - 1, byteCount: tensor.byteCount, offset: 0, strides: strides, to: &opcodes)
        }
    }

    /// A lone tensor that needs only a part of its memory is written without the rest. PyTorch has no negative strides.
    private func keepsView(of tensor: Tensor) -> Bool {
        guard tensor.strides.allSatisfy({ $0 >= 0 }), tensor.bytes.count.isMultiple(of: tensor.dtype.size) else { return false }
        return sharing.isShared(tensor) || tensor.byteCount >= tensor.bytes.count
    }

    private mutating func add(_ storage: Storage, for tensor: Tensor) -> Int {
        storages.append(storage)
        keys[StorageSharing.Key(tensor)] = storages.count - 1
        return storages.count - 1
    }

    private func write(_ tensor: Tensor, key: Int, byteCount: Int, offset: Int, strides: [Int], to opcodes: inout PickleOpcodes) {
        let className = TorchTypes.className(for: tensor.dtype)
        opcodes.call("torch._utils", className == nil ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2") { opcodes in
            opcodes.tuple { opcodes in
                opcodes.string("storage")
                if let className { opcodes.label("torch", className) } else { opcodes.label("torch.storage", "UntypedStorage") }
                opcodes.string(String(key))
                opcodes.string("cpu")
                opcodes.integer(className == nil ? byteCount : byteCount / tensor.dtype.size)
            }
            opcodes.append(.binPersID)
            opcodes.integer(offset)
            opcodes.integers(tensor.shape)
            opcodes.integers(strides)
            // A parameter says it itself.
            opcodes.append(tensor.marks == .requiresGrad ? .newTrue : .newFalse)
            opcodes.call("collections", "OrderedDict") { _ in }
            if className == nil { opcodes.label("torch", tensor.dtype.rawValue) }
        }
    }

    /// Element types and devices, as they were read.
    func write(_ opaque: Document.Opaque, to opcodes: inout PickleOpcodes) -> Bool {
        let parts = opaque.name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "torch", opaque.state == nil else { return false }
        if opaque.arguments.isEmpty, TorchTypes.isElementType(String(parts[1])) {
            opcodes.label("torch", String(parts[1]))
            return true
        }
        guard opaque.name == "torch.device", case .string(let kind)? = opaque.arguments.first, opaque.arguments.count <= 2 else {
            return false
        }
        var index: Int?
        if opaque.arguments.count == 2 {
            guard case .integer(let number) = opaque.arguments[1] else { return false }
            index = number
        }
        opcodes.call("torch", "device") { opcodes in
            opcodes.string(kind)
            if let index { opcodes.integer(index) }
        }
        return true
    }
}
