import CrateValues

/// Walks the groups from the root and gathers what is in them. Objects that several links lead to are read once; a link back to a group
/// that is being read, or to nowhere, becomes a label.
final class HDF5Tree {
    /// An object that has been read.
    private struct Finished {
        let document: Document
        /// A dataset's; a group has its own inside.
        var attributes: [(key: Document, value: Document)] = []
        /// Values inside, which count again with each further link.
        let values: Int
    }

    /// A group that is being read.
    private struct Open {
        let address: Int
        /// The name that led to it.
        let name: String
        let links: [HDF5Link]
        var next = 0
        var entries: [(key: Document, value: Document)] = []
        var attributes: [(key: Document, value: Document)]
        var datasetAttributes: [(key: Document, value: Document)] = []
        /// Values that were counted before it.
        let valuesBefore: Int
    }

    private let file: HDF5File
    /// A dataset that can't be read is described instead of ending the reading.
    private let toleratesDamage: Bool
    private var finished: [Int: Finished] = [:]
    private var open: [Open] = []
    private var paths: HDF5Paths
    /// Objects by their kind, each counted once.
    private(set) var groupCount = 0
    private(set) var datasetCount = 0
    /// The other files that links lead to, and where the links stand.
    private(set) var outside: [(file: String, position: Int)] = []

    init(_ file: HDF5File, toleratesDamage: Bool = false) {
        self.file = file
        self.toleratesDamage = toleratesDamage
        paths = HDF5Paths(file)
    }

    func document() throws(FormatError) -> Document {
        let root = file.superblock.root
        if let leaf = try enter(root, name: "") { return leaf.document }
        while let last = open.indices.last {
            if open[last].next < open[last].links.count {
                let link = open[last].links[open[last].next]
                open[last].next += 1
                try follow(link)
            } else {
                try close()
            }
        }
        return finished[root]?.document ?? .null
    }

    // MARK: Links

    private func follow(_ link: HDF5Link) throws(FormatError) {
        do throws(FormatError) {
            switch link.target {
            case .object(let address): try follow(link.name, to: address)
            case .path(let path):
                if let address = try paths.resolve(path, from: open.map(\.address)) {
                    try follow(link.name, to: address)
                } else {
                    try add(link.name, label("hdf5.SoftLink", [path]))
                }
            case .external(let other, let path):
                outside.append((other, link.position))
                try add(link.name, label("hdf5.ExternalLink", [other, path]))
            case .unknown(let kind): try add(link.name, label("hdf5.Link", ["of kind \(kind)"]))
            }
        } catch { throw error.at(member: link.name) }
    }

    private func follow(_ name: String, to address: Int) throws(FormatError) {
        if open.contains(where: { $0.address == address }) { return try add(name, label("recursive reference", [])) }
        if let known = finished[address] {
            try file.count(known.values)
            return add(name, known)
        }
        if let leaf = try enter(address, name: name) { add(name, leaf) }
    }

    private func label(_ name: String, _ arguments: [String]) throws(FormatError) -> Finished {
        try file.count(1)
        return Finished(document: .opaque(.init(name: name, arguments: arguments.map { .string($0) })), values: 1)
    }

    // MARK: Objects

    /// Opens a group, or gives any other object at once.
    private func enter(_ address: Int, name: String) throws(FormatError) -> Finished? {
        let before = file.values
        try file.count(1)
        let header = try HDF5ObjectHeader(file, at: address)
        let attributes = try self.attributes(header)
        if let group = try HDF5Group(file, header) {
            guard open.count < file.limits.depth else {
                throw FormatError(.limit, HDF5.format, "is nested more than \(file.limits.depth) deep")
            }
            groupCount += 1
            open.append(Open(address: address, name: name, links: group.links, attributes: attributes, valuesBefore: before))
            return nil
        }
        let leaf = Finished(document: try content(header, attributes), attributes: attributes, values: file.values - before)
        finished[address] = leaf
        return leaf
    }

    private func content(_ header: HDF5ObjectHeader, _ attributes: [(key: Document, value: Document)]) throws(FormatError) -> Document {
        if var dataset = try HDF5Dataset(file, header) {
            datasetCount += 1
            dataset.interpret(attributes)
            guard toleratesDamage else { return try dataset.document() }
            do throws(FormatError) { return try dataset.document() } catch { return dataset.described(error.reason) }
        }
        guard let message = header.first(HDF5MessageKind.datatype) else {
            return .opaque(.init(name: "hdf5.object"))
        }
        var reader = try message.resolved(file)
        return .opaque(.init(name: "hdf5.datatype", arguments: [.string(try HDF5DatatypeReader.read(&reader).name)]))
    }

    private func attributes(_ header: HDF5ObjectHeader) throws(FormatError) -> [(key: Document, value: Document)] {
        var entries: [(key: Document, value: Document)] = []
        var seen: Set<String> = []
        for attribute in try HDF5Attribute.all(header, file) {
            guard seen.insert(attribute.name).inserted else {
                throw FormatError(.malformed, HDF5.format, "has the attribute \(attribute.name) twice")
            }
            entries.append((.string(attribute.name), try attribute.document(file)))
        }
        return entries
    }

    // MARK: Groups

    private func add(_ name: String, _ object: Finished) {
        let last = open.count - 1
        open[last].entries.append((.string(name), object.document))
        if !object.attributes.isEmpty { open[last].datasetAttributes.append((.string(name), .mapping(.init(object.attributes)))) }
    }

    /// Finishes the innermost group and puts it into the one around it.
    private func close() throws(FormatError) {
        guard let group = open.popLast() else { return }
        var entries = group.entries
        for (key, attributes) in [(HDF5.attributesKey, group.attributes), (HDF5.datasetAttributesKey, group.datasetAttributes)]
        where !attributes.isEmpty {
            guard !group.links.contains(where: { $0.name == key }) else {
                throw FormatError(.unsupported, HDF5.format, "has a member called \(key), which stands for attributes here")
            }
            entries.append((.string(key), .mapping(.init(attributes))))
        }
        let result = Finished(document: .mapping(.init(entries)), values: file.values - group.valuesBefore)
        finished[group.address] = result
        if !open.isEmpty { add(group.name, result) }
    }
}

extension FormatError {
    /// The same, with the name of the member in which it is.
    fileprivate func at(member name: String) -> FormatError {
        var error = self
        if case .whole = place { error.place = .member(name) }
        return error
    }
}
