import CrateValues

/// A named value of an object.
struct HDF5Attribute {
    let name: String
    let type: HDF5Datatype
    let space: HDF5Dataspace
    /// The elements, in C order.
    let data: Bytes

    /// Reads the attribute message.
    init(_ body: ByteReader, _ file: HDF5File) throws(FormatError) {
        var body = body
        let version = try body.version(1...3, of: "attribute")
        let flags = try body.byte()
        let sizes = (try body.size(2), try body.size(2), try body.size(2))
        if version == 3 { try body.skip(1) }
        let align = version == 1 ? 7 : 0
        name = try body.name(sizes.0)
        try body.skip(-sizes.0 & align)
        var typeReader = ByteReader(try body.bytes(sizes.1), format: HDF5.format, origin: body.origin + body.position)
        try body.skip(-sizes.1 & align)
        if flags & 1 != 0 { typeReader = try HDF5Message.shared(&typeReader, kind: HDF5MessageKind.datatype, file) }
        type = try HDF5DatatypeReader.read(&typeReader)
        var spaceReader = ByteReader(try body.bytes(sizes.2), format: HDF5.format, origin: body.origin + body.position)
        try body.skip(-sizes.2 & align)
        if flags & 2 != 0 { spaceReader = try HDF5Message.shared(&spaceReader, kind: HDF5MessageKind.dataspace, file) }
        space = try HDF5Dataspace(&spaceReader, lengthSize: file.lengthSize)
        guard Tensor.isCountable(space.shape, elementSize: type.size), let count = Tensor.elementCount(space.shape) else {
            throw body.malformed("has an attribute of the impossible shape \(space.shape)")
        }
        data = try body.bytes(space.isNull ? 0 : count * type.size)
    }

    /// All attributes of an object: in its header, and in a heap when there are many.
    static func all(_ header: HDF5ObjectHeader, _ file: HDF5File) throws(FormatError) -> [HDF5Attribute] {
        var attributes: [HDF5Attribute] = []
        for message in header.messages where message.kind == HDF5MessageKind.attribute {
            attributes.append(try HDF5Attribute(try message.resolved(file), file))
        }
        if let info = header.first(HDF5MessageKind.attributeInfo) { attributes += try inHeap(info.body, file) }
        return attributes
    }

    private static func inHeap(_ message: ByteReader, _ file: HDF5File) throws(FormatError) -> [HDF5Attribute] {
        var message = message
        try message.version(0...0, of: "attribute info")
        if try message.byte() & 1 != 0 { try message.skip(2) }
        guard let heapAddress = try message.address(file.offsetSize), let treeAddress = try message.address(file.offsetSize) else {
            return []
        }
        let heap = try HDF5FractalHeap(file, at: heapAddress)
        var found: [(order: UInt32, attribute: HDF5Attribute)] = []
        for record in try HDF5Tree2(file, at: treeAddress).records() {
            var fields = record
            try fields.skip(heap.identifierSize)
            guard try fields.byte() & 2 == 0 else { throw fields.error(.unsupported, "keeps shared attributes in a heap") }
            found.append((try fields.littleEndian(UInt32.self), try HDF5Attribute(try heap.object(record), file)))
        }
        // Where the order is not kept, the number is the same for all.
        found.sort { $0.order != $1.order ? $0.order < $1.order : $0.attribute.name.utf8.lexicographicallyPrecedes($1.attribute.name.utf8) }
        return found.map(\.attribute)
    }

    /// The value: one number as a plain one, whatever its width.
    func document(_ file: HDF5File) throws(FormatError) -> Document {
        if space.isNull { return .null }
        let value = try HDF5Elements(file: file, type: type, shape: space.shape, bytes: data).document()
        if case .tensor(let tensor) = value, tensor.shape.isEmpty, let plain = ElementBytes.scalar(tensor) { return plain }
        return value
    }

    /// The bytes of a text in the file, for those who want to know where it stands.
    func textBytes(_ file: HDF5File) throws(FormatError) -> Bytes? {
        guard space.shape.isEmpty, !space.isNull else { return nil }
        switch type {
        case .text: return data
        case .variableText: return try HDF5Elements(file: file, type: type, shape: [], bytes: data).variableText(at: 0)
        default: return nil
        }
    }
}
