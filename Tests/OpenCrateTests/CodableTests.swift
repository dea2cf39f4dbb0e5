import CrateValues
import Testing

@testable import OpenCrate

private struct Settings: Codable, Equatable {
    enum Mode: String, Codable { case fast, exact }
    struct Layer: Codable, Equatable { var width: Int; var dropout: Double? }
    var project: String
    var rate: Double
    var steps: UInt64
    var flags: [Bool]
    var layers: [Layer]
    var byName: [String: Int8]
    var byNumber: [Int: String]
    var mode: Mode
    var note: String?
    var pair: [Float]
}

private class Parent: Codable { var a = 1 }
private final class Child: Parent {
    var b = "x"
    enum CodingKeys: CodingKey { case b }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        b = try container.decode(String.self, forKey: .b)
        try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(b, forKey: .b)
        try super.encode(to: container.superEncoder())
    }
}

@Suite struct CodableTests {
    let work: Workplace
    let snapshot: Snapshot

    init() throws {
        work = try Workplace()
        snapshot = try work.crate.setup("run")
    }

    private let settings = Settings(
        project: "Guide", rate: 1, steps: .max, flags: [true, false], layers: [.init(width: 3, dropout: nil), .init(width: 4, dropout: 0.25)],
        byName: ["a": -128], byNumber: [7: "seven"], mode: .exact, note: nil, pair: [1.5, -0])

    @Test(arguments: [("json", "s.json"), ("yaml", "s.yaml")])
    func structuresComeBack(_ kind: String, _ name: String) throws {
        let artifact = try snapshot.artifact(kind: kind, name: name)
        try artifact.save(settings)
        #expect(try artifact.load(as: Settings.self) == settings)
    }

    @Test func keysKeepTheirOrderInJSON() throws {
        try snapshot.json("s.json").save(Settings.Layer(width: 3, dropout: 0.5))
        #expect(try work.folder.text("snapshots/run/v0/jsons/s.json") == #"{"width": 3, "dropout": 0.5}"#)
    }

    @Test func superclassesAndPlainValues() throws {
        let artifact = try snapshot.json("s.json")
        let child = Child()
        child.a = 5
        try artifact.save(child)
        #expect(try artifact.load(as: Child.self).a == 5)
        try artifact.save([1, 2, 3])
        #expect(try artifact.load(as: [UInt8].self) == [1, 2, 3])
        try artifact.save(["a": [Int?.none, 4]])
        #expect(try artifact.load(as: [String: [Int?]].self) == ["a": [nil, 4]])
    }

    @Test func manyKeysTakeLinearTime() throws {
        let many = Dictionary(uniqueKeysWithValues: (0..<50_000).map { ("key \($0)", $0) })
        let artifact = try snapshot.json("s.json")
        try artifact.save(many)
        #expect(try artifact.load(as: [String: Int].self) == many)
    }

    @Test func rowsOfATable() throws {
        let rows = [Settings.Layer(width: 1, dropout: nil), .init(width: 2, dropout: 0.5)]
        try work.folder.write("width,dropout\n1,\n2,0.5\n", to: "snapshots/run/v0/csvs/rows.csv")
        let artifact = try snapshot.csv("rows.csv")
        let loaded = try artifact.load(as: [Settings.Layer].self)
        #expect(loaded.map(\.width) == rows.map(\.width) && loaded[1].dropout == 0.5)
    }

    @Test(arguments: [
        (#"{"width": "three"}"#, "width"), (#"{"widht": 3}"#, "there is `widht`"), (#"{"width": 3.5}"#, "width"), ("[1]", "wanted an object"),
        (#"{"width": 99999999999999999999}"#, "width"), ("null", "wanted an object"),
    ])
    func mistakesAreNamedWithTheirPath(_ json: String, _ words: String) throws {
        try work.folder.write(#"{"layers": [\#(json)]}"#, to: "snapshots/run/v0/jsons/s.json")
        struct Model: Decodable { var layers: [Settings.Layer] }
        let error = failure("format.malformed", words) { _ = try snapshot.json("s.json").load(as: Model.self) }
        #expect(error?.text.contains("layers[0]") == true)
    }

    @Test func wrongKinds() throws {
        failure("format.unrepresentable") { try snapshot.image("a.png").save(settings) }
        try snapshot.file("blob").save(.blob(Bytes([1])))
        failure("format.unsupported") { _ = try snapshot.file("blob").load(as: Settings.self) }
        #expect(try !snapshot.image("a.png").exists)
    }
}
