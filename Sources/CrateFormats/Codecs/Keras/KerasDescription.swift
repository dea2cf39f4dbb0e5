import CrateValues

extension Keras {
    /// The weights, and as facts the versions, the model's class and its layers. Lambda layers, whose code is never run, and names outside
    /// Keras count as imports, and so do links of the weights to other files.
    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let archive = try ZipArchive(bytes, limits: limits)
        var description = Checkpoint.Description(.keras, .null, facts: [("framework", .string("Keras"))], members: archive.listing)
        if case .mapping(let metadata) = try json(metadataMember, of: archive, limits: limits) {
            description.facts += metadata.entries.compactMap { entry in
                if case .string(let key) = entry.key { (key, entry.value) } else { nil }
            }
        }
        if let member = archive[configMember] {
            let text = try archive.contents(of: member)
            let config = KerasConfig(try json(configMember, of: archive, limits: limits), text: text, position: member.dataRange.lowerBound)
            description.add(config)
        }
        for member in archive.members where !member.staysInside {
            description.imports.append(
                Pickle.Import(module: "", name: member.name, position: member.dataRange.lowerBound, verdict: .dangerous))
        }
        let weights = try weights(of: archive, limits: limits) { (bytes) throws(FormatError) in try HDF5.describe(bytes, limits: limits) }
        description.document = weights.document
        // Where the weights stand in the archive, unless they are deflated.
        let start = archive[weightsMember].map { $0.isDeflated ? 0 : $0.dataRange.lowerBound } ?? 0
        description.imports += weights.imports.map {
            Pickle.Import(module: $0.module, name: $0.name, position: start + $0.position, verdict: $0.verdict)
        }
        return description
    }
}

extension HDF5 {
    /// The content as `decode` gives it, but with labels for arrays that can't be read. Facts: the layout's version, how many groups and
    /// datasets there are, and for a model of Keras its versions, class and layers. Links to other files count as imports.
    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let file = try HDF5File(bytes, limits: limits)
        let tree = HDF5Tree(file, toleratesDamage: true)
        let document = try tree.document()
        var description = Checkpoint.Description(.hdf5, document)
        description.facts = [
            ("superblock", .integer(file.superblock.version)), ("groups", .integer(tree.groupCount)),
            ("datasets", .integer(tree.datasetCount)),
        ]
        description.imports = tree.outside.map {
            Pickle.Import(module: "", name: "the file \($0.file)", position: $0.position, verdict: .dangerous)
        }
        try addKeras(to: &description, file)
        return description
    }

    /// An older whole model has its configuration in attributes of the root.
    private static func addKeras(to description: inout Checkpoint.Description, _ file: HDF5File) throws(FormatError) {
        let attributes = try HDF5Attribute.all(try HDF5ObjectHeader(file, at: file.superblock.root), file)
        guard attributes.contains(where: { $0.name == "model_config" || $0.name == "layer_names" || $0.name == "keras_version" }) else {
            if holdsVariables(description.document) { description.facts.insert(("framework", .string("Keras")), at: 0) }
            return
        }
        description.facts.insert(("framework", .string("Keras")), at: 0)
        for attribute in attributes where attribute.name == "keras_version" || attribute.name == "backend" {
            description.facts.append((attribute.name, try attribute.document(file)))
        }
        for attribute in attributes where attribute.name == "model_config" {
            guard let text = try attribute.textBytes(file), let config = try? JSON.decode(text, limits: file.limits) else { continue }
            let position = text.range.lowerBound - file.bytes.range.lowerBound + file.origin
            description.add(KerasConfig(config, text: text, position: position))
        }
    }

    /// Weights alone keep each layer's arrays in a group called vars.
    private static func holdsVariables(_ document: Document) -> Bool {
        guard case .mapping(let root) = document else { return false }
        if root["vars"] != nil || root["_layer_checkpoint_dependencies"] != nil { return true }
        guard case .mapping(let layers)? = root["layers"], case .mapping(let first)? = layers.entries.first?.value else { return false }
        return first["vars"] != nil || first["layers"] != nil
    }
}

extension Checkpoint.Description {
    fileprivate mutating func add(_ config: KerasConfig) {
        if let className = config.className { facts.append(("model", .string(className))) }
        if let name = config.name { facts.append(("model_name", .string(name))) }
        var seen: Set<String> = []
        let layers = config.layers.filter { seen.insert($0.name).inserted }
        if !layers.isEmpty { facts.append(("layers", .object(layers.map { ($0.name, .string("\($0.className)(\($0.settings))")) }))) }
        imports += config.findings
    }
}
