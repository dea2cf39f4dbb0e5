import CrateFormats
import CrateValues
import Testing

@Suite struct KerasTests {
    @Test func configurationAndWeightsByName() throws {
        let document = try Checkpoint.decode(Samples.bytes("keras/model.keras"), fileExtension: "keras")
        #expect(document.keys == ["metadata", "config", "weights"])
        #expect(document["metadata"]?["keras_version"]?.matches(.string("3.15.1")) == true)
        #expect(document["config"]?["class_name"]?.matches(.string("Sequential")) == true)
        #expect(document["weights"]?["layers"]?["dense"]?["vars"]?[HDF5.attributesKey]?["name"]?.matches(.string("d1")) == true)
    }

    @Test func theConfigurationOfAnOldModelIsAnAttribute() throws {
        let document = try Checkpoint.decode(Samples.bytes("keras/legacy.h5"), fileExtension: "h5")
        guard case .string(let text)? = document[HDF5.attributesKey]?["model_config"] else {
            Issue.record("no configuration")
            return
        }
        guard case .mapping(let config) = try JSON.decode(Bytes(text: text)) else {
            Issue.record("no JSON")
            return
        }
        #expect(config["class_name"]?.matches(.string("Sequential")) == true)
    }

    @Test func weightsAreViewsOfTheFile() throws {
        let bytes = try Samples.bytes("keras/model.keras")
        guard case .tensor(let kernel)? = try Keras.decode(bytes)["weights"]?["layers"]?["dense"]?["vars"]?["0"] else {
            Issue.record("no kernel")
            return
        }
        #expect(kernel.bytes.region === bytes.region)
    }

    @Test(arguments: ["keras/model.keras", "keras/model.weights.h5", "keras/legacy.h5"])
    func filesAreWrittenAgain(_ name: String) throws {
        let sample = try #require(Samples.named(name).first)
        let document = try Checkpoint.decode(sample.bytes(), fileExtension: sample.fileExtension)
        let file = try Checkpoint.bytes(document, sample.fileExtension)
        #expect(Checkpoint.Format.recognize(file) == (sample.fileExtension == "keras" ? .keras : .hdf5))
        let back = try Checkpoint.decode(file, fileExtension: sample.fileExtension)
        let root = sample.fileExtension == "keras" ? try #require(back["weights"]) : back
        for (path, wanted) in try #require(sample.expect?.object) {
            let found = path.split(separator: "/").reduce(root as Document?) { $0?[String($1)] }
            #expect(try #require(found, "\(path)").differences(from: wanted, path: path) == [])
        }
        #expect("\(back[HDF5.attributesKey] ?? .null)" == "\(document[HDF5.attributesKey] ?? .null)")
        #expect("\(back["config"] ?? .null)" == "\(document["config"] ?? .null)")
    }

    // MARK: Description

    @Test(arguments: [("keras/model.keras", 3), ("keras/legacy.h5", 3)])
    func versionsAndLayersAreFacts(_ name: String, _ layerCount: Int) throws {
        let sample = try #require(Samples.named(name).first)
        let description = try Checkpoint.describe(sample.bytes(), fileExtension: sample.fileExtension)
        let facts = Dictionary(description.facts.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(facts["framework"]?.matches(.string("Keras")) == true && facts["keras_version"]?.matches(.string("3.15.1")) == true)
        #expect(facts["model"]?.matches(.string("Sequential")) == true)
        #expect(facts["layers"]?.keys.count == layerCount)
        #expect(facts["layers"]?["d1"]?.matches(.string("Dense(units=4, activation=relu)")) == true)
        #expect(description.imports.isEmpty)
        #expect(Checkpoint.tensors(in: description.document).filter { $0.tensor?.rank == 2 }.count == 2)
    }

    @Test func inspectionShowsLayersAndDangers() throws {
        let lambda = #"{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l"}}"#
        let inspection = try Checkpoint.inspect(KerasTests.archive(KerasTests.model(lambda)), fileExtension: "keras")
        #expect(inspection["format"]?.matches(.string("Keras")) == true)
        guard case .string(let security)? = inspection["security"] else {
            Issue.record("nothing on security")
            return
        }
        #expect(security.hasPrefix("dangerous: asks for keras.layers.Lambda"))
        #expect(Set(inspection.listings.map(\.title)).isSuperset(of: ["layers", "imports", "members"]))
        let harmless = try Checkpoint.inspect(Samples.bytes("keras/model.keras"), fileExtension: "keras")
        #expect(harmless["security"]?.matches(.string("holds data only")) == true)
        #expect(harmless["parameters"]?.matches(.integer(28)) == true)
    }

    @Test func weightsAloneAreToldToBeOfKeras() throws {
        let description = try Checkpoint.describe(Samples.bytes("keras/model.weights.h5"), fileExtension: "h5")
        #expect(description.facts.first { $0.name == "framework" }?.value.matches(.string("Keras")) == true)
    }

    private static func archive(_ config: String, extra: [(String, String)] = []) throws -> Bytes {
        let weights = try Checkpoint.bytes(.object([("vars", .object([]))]), "h5")
        let sink = MemorySink()
        var archive = ZipWriter(sink)
        try archive.add("metadata.json", text: #"{"keras_version": "3.0"}"#)
        try archive.add("config.json", text: config)
        try archive.add("model.weights.h5", weights)
        for (name, text) in extra { try archive.add(name, text: text) }
        try archive.finish()
        return Bytes(sink.array)
    }

    private static func model(_ layer: String) -> String {
        #"{"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [\#(layer)]}}"#
    }

    @Test(arguments: [
        (
            #"{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l", "function": ["4wEAAA==", null, null]}}"#,
            "keras.layers.Lambda", "Lambda", Pickle.Verdict.dangerous
        ),
        (
            #"{"module": "keras.layers", "class_name": "Dense", "config": {"activation": {"class_name": "__lambda__", "config": {"value": "4wEAAA=="}}}}"#,
            "keras.__lambda__", "__lambda__", .dangerous
        ),
        (#"{"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}"#, "os.system", "os", .dangerous),
        (#"{"module": "keras.utils", "class_name": "function", "config": "get_file"}"#, "keras.utils.get_file", "keras.utils", .dangerous),
        (#"{"module": null, "class_name": "Mine", "config": {}, "registered_name": "package>Mine"}"#, "package>Mine", "Mine", .unknown),
        (#"{"module": "mine.layers", "class_name": "Odd", "config": {}}"#, "mine.layers.Odd", "mine.layers", .unknown),
    ])
    func namesThatKerasWouldLookUpAreTold(_ layer: String, _ name: String, _ word: String, _ verdict: Pickle.Verdict) throws {
        let bytes = try KerasTests.archive(KerasTests.model(layer))
        let found = try Checkpoint.describe(bytes, fileExtension: "keras").imports
        #expect(found.map(\.qualifiedName) == [name] && found.map(\.verdict) == [verdict])
        #expect(bytes.array[try #require(found.first).position...].starts(with: Array("\"\(word)\"".utf8)))
    }

    @Test func lambdasOfOldModelsAreTold() throws {
        let config = KerasTests.model(#"{"class_name": "Lambda", "config": {"name": "l"}}"#)
        let bytes = try Checkpoint.bytes(
            .object([(HDF5.attributesKey, .object([("model_config", .string(config)), ("keras_version", .string("2.4"))]))]), "h5")
        let description = try Checkpoint.describe(bytes, fileExtension: "h5")
        #expect(description.dangers.map(\.qualifiedName) == ["keras.layers.Lambda"])
        #expect(bytes.array[try #require(description.dangers.first).position...].starts(with: Array("\"Lambda\"".utf8)))
    }

    @Test func layersInsideLayersHaveDottedNames() throws {
        let inner =
            #"{"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2}}]}}"#
        let description = try Checkpoint.describe(KerasTests.archive(KerasTests.model(inner)), fileExtension: "keras")
        #expect(description.facts.first { $0.name == "layers" }?.value.keys == ["inner", "inner.d"])
    }

    @Test func otherMembersAreAssets() throws {
        let bytes = try KerasTests.archive("{}", extra: [("assets/words.txt", "a b")])
        let document = try Keras.decode(bytes)
        guard case .bytes(let words)? = document["assets"]?["assets/words.txt"] else {
            Issue.record("no asset")
            return
        }
        #expect(words == Array("a b".utf8))
        #expect(try Keras.decode(Checkpoint.bytes(document, "keras")).keys == ["metadata", "config", "weights", "assets"])
    }

    // MARK: Refusals

    @Test(arguments: ["metadata.json", "config.json", "model.weights.h5"])
    func aMissingMemberIsNamed(_ missing: String) throws {
        let sink = MemorySink()
        var archive = ZipWriter(sink)
        for name in ["metadata.json", "config.json", "model.weights.h5"] where name != missing { try archive.add(name, text: "{}") }
        try archive.finish()
        let error = failure { () throws(FormatError) in try Keras.decode(Bytes(sink.array)) }
        #expect(error?.kind == .malformed && error?.reason.contains(missing) == true)
    }

    @Test(arguments: [
        Document.object([("weights", .object([]))]), .integer(1),
        .object([("metadata", .object([])), ("config", .object([])), ("weights", .object([])), ("other", .null)]),
        .object([
            ("metadata", .object([])), ("config", .object([])), ("weights", .object([])),
            ("assets", .object([("config.json", .bytes([1]))])),
        ]),
    ])
    func aModelWithoutConfigurationIsNotWritten(_ document: Document) {
        #expect(failure { () throws(FormatError) in try Checkpoint.bytes(document, "keras") }?.kind == .unrepresentable)
    }

    @Test func damageIsSurvived() throws {
        let damage = MediaDamage(try Samples.bytes("keras/model.keras"))
        for bytes in damage.truncations() { #expect(failure { () throws(FormatError) in try Keras.decode(bytes) } != nil) }
        for bytes in damage.mutations() {
            #expect(failure { () throws(FormatError) in try Keras.decode(bytes) }?.reason.isEmpty != true)
            #expect(failure { () throws(FormatError) in try Checkpoint.describe(bytes, fileExtension: "keras") }?.reason.isEmpty != true)
        }
    }
}
