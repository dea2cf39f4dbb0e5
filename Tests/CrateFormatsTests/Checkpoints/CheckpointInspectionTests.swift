import CrateValues
import Testing

@testable import CrateFormats

@Suite("What is told of checkpoints")
struct CheckpointInspectionTests {
    private var hostile: [String] { Samples.named("hostile/").map(\.name) }

    private func inspect(_ name: String, measures: Bool = false) throws -> Inspection {
        try Checkpoint.inspect(try Samples.bytes(name), fileExtension: String(name.split(separator: ".").last ?? ""), measures: measures)
    }

    private func column(_ listing: String, _ name: String, of inspection: Inspection) throws -> [String] {
        let found = try #require(inspection.listings.first { $0.title == listing })
        let position = try #require(found.columns.firstIndex(of: name))
        return found.rows.map { "\($0[position])" }
    }

    @Test func `a training checkpoint tells its tensors and its plain values`() throws {
        let found = try inspect("pth/notebook.pth", measures: true)
        guard case .integer(16)? = found["tensor_count"], case .integer(178)? = found["parameters"], case .integer(712)? = found["tensor_size"] else {
            Issue.record("\(found.facts)")
            return
        }
        #expect(try column("tensors", "name", of: found).first == "string(\"model_state_dict.0.weight\")")
        #expect(try column("values", "name", of: found).contains("string(\"epoch\")"))
        let stats = try #require(found.listings.first { $0.title == "tensors" })
        #expect(stats.columns == ["name", "dtype", "shape", "size", "min", "max", "mean", "nan", "inf"])
        #expect(stats.rows.allSatisfy { $0.count == stats.columns.count })
    }

    @Test(arguments: ["hostile/pkl_malicious_eval.pkl", "hostile/pkl_malicious_p4.pkl", "hostile/pth_malicious.pth", "hostile/joblib_malicious.joblib"])
    func `files that would run code are described, with the place of the demand`(_ name: String) throws {
        let found = try inspect(name)
        guard case .string(let verdict)? = found["security"] else {
            Issue.record("no verdict")
            return
        }
        #expect(verdict.hasPrefix("dangerous: asks for "))
        #expect(try column("imports", "verdict", of: found).first == "string(\"dangerous\")")
    }

    @Test func `every dangerous sample of the hostile ones is called dangerous`() throws {
        for name in hostile where name.contains("malicious") && !name.hasSuffix(".npy") {
            let found = try inspect(name)
            guard case .string(let verdict)? = found["security"], verdict.hasPrefix("dangerous") || verdict.hasPrefix("unclear") else {
                Issue.record("\(name): \(String(describing: found["security"]))")
                continue
            }
        }
    }

    @Test func `a whole module shows the tensors of its state dict and no machinery`() throws {
        let found = try inspect("pth/whole_module.pth")
        #expect(try column("tensors", "name", of: found) == ["string(\"weight\")", "string(\"bias\")"])
        #expect(try column("values", "name", of: found) == ["string(\"training\")", "string(\"in_features\")", "string(\"out_features\")"])
        #expect(try column("imports", "verdict", of: found).filter { $0 == "string(\"unknown\")" }.count == 1)
    }

    @Test func `quantised tensors are told with their own type`() throws {
        let found = try inspect("gguf/tiny.gguf")
        #expect(try column("tensors", "dtype", of: found) == ["string(\"float32\")", "string(\"float16\")", "string(\"Q8_0\")"])
        guard case .integer(75)? = found["parameters"] else { Issue.record("\(found.facts)"); return }
        #expect(try column("metadata", "name", of: found).contains("string(\"general.architecture\")"))
    }

    @Test func `what damage leaves nothing of is refused, all else is described`() throws {
        for name in hostile where ["pth", "pkl", "joblib", "npy", "safetensors", "gguf", "onnx"].contains(String(name.split(separator: ".").last ?? "")) {
            do { _ = try inspect(name) } catch { #expect(error is FormatError, "\(name): \(error)") }
        }
    }
}
