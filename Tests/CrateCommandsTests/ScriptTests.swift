import CrateLanguage
import Foundation
import Testing

@testable import CrateCommands

@Suite("Scripts")
struct ScriptTests {
    @Test("the whole script of the language's design runs as written, with the tree, logs and levels of the guide")
    func wholeScript() throws {
        let bench = try Workbench(script: "whole.crate")
        let file = checkout.appendingPathComponent("Tests/Fixtures/scripts/whole.crate")
        if case .failed(let failure) = bench.run(try String(contentsOf: file, encoding: .utf8)) {
            Issue.record("\(failure.render(colour: false))")
        }
        let version = bench.folder.appendingPathComponent("snapshots/snapshot_guide/v0:initial-run")
        let tree = try FileManager.default.subpathsOfDirectory(atPath: version.path).sorted()
        for path in [
            "audios/high_pitch_sine.wav", "checkpoints/custom_model_checkpoint.backup_improved-loss.pth",
            "checkpoints/custom_model_checkpoint.pth", "csvs/sample_data.csv", "images/random_image.jpg", "images/sine_wave_plot.png",
            "jsons/data.json", "labels/bounding_boxes/bounding_boxes_0.txt", "labels/bounding_boxes/bounding_boxes_1.txt",
            "snapshot_guide.log", "texts/greeting.txt", "yamls/config.yaml",
        ] { #expect(tree.contains(path), "\(path)") }
        #expect(!tree.contains("checkpoints/custom_model_checkpoint.backup_initial-version.pth"))

        let log = try String(contentsOf: version.appendingPathComponent("snapshot_guide.log"), encoding: .utf8)
        #expect(log.contains(" - INFO     Version `0`, name `v0:initial-run`, at `snapshots/snapshot_guide/v0:initial-run`"))
        #expect(log.contains(" - INFO     Config: {\"project\": \"Guide\", \"settings\": {\"debug_mode\": true}, \"version\": 1.1}"))
        #expect(log.contains("   col_a  col_b\n0    100    300\n1    200    400"))
        #expect(log.contains("Image shape: [128, 128, 3], audio: 3.0 s"))
        #expect(log.contains("Initial loss: 0.015"))
        #expect(log.contains(" - ERROR    Caught division_by_zero on line "))
        #expect(log.contains("division by zero"))
        #expect(log.contains("First set: [{\"x1\": 10.0, \"y1\": 20.0, \"x2\": 150.0, \"y2\": 200.0}, "))
        #expect(log.hasSuffix("SUCCESS  Done\n"))
        #expect(bench.output.reported.contains("INFO      Text: Hello, crate!\n"))
        #expect(bench.output.reported.contains("SUCCESS   Saved 2 boxes\n"))
    }
}
