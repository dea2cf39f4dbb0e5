import Testing

@testable import CrateShell

@Suite("The line of a bar")
struct ProgressTextTests {
    private func line(_ done: Int, of total: Int?, seconds: Double, columns: Int = 120, frames: Bool = false) -> String {
        ProgressText(title: "save model.pth", measure: frames ? .frames : .written, done: done, total: total, seconds: seconds, isUnicode: false).text(columns: columns)
    }

    @Test func aKnownEndGivesPartRateAndTimeLeft() {
        #expect(line(512 << 20, of: 2 << 30, seconds: 4) == "save model.pth  #####---------------  25%  512 MB of 2.0 GB  128 MB/s  12 s left")
        #expect(line(3, of: 12, seconds: 60, frames: true) == "save model.pth  #####---------------  25%  3 of 12 frames  0 frames/s  3 min 0 s left")
    }

    @Test func anUnknownEndGivesWhatIsDone() {
        #expect(line(1_572_864, of: nil, seconds: 2) == "save model.pth  1.5 MB  768 KB/s  2 s")
        #expect(line(0, of: nil, seconds: 7_260) == "save model.pth  2 h 1 min")
        #expect(line(0, of: 100, seconds: 1) == "save model.pth  1 s")
        // More than was expected is no reason for 120%.
        #expect(line(200 << 20, of: 100 << 20, seconds: 1) == "save model.pth  200 MB  200 MB/s  1 s")
    }

    @Test func atBothEndsThereIsNoTimeToTell() {
        #expect(line(300, of: 1 << 30, seconds: 1) == "save model.pth  --------------------   0%  300 Bytes of 1.0 GB  1 s")
        #expect(line((1 << 30) + 900, of: 1 << 30, seconds: 2) == "save model.pth  #################### 100%  1.0 GB of 1.0 GB  512 MB/s  waiting for the disk")
    }

    @Test(arguments: [20, 30, 40, 45, 60, 70, 80])
    func itFitsTheLine(columns: Int) {
        let text = line(512 << 20, of: 2 << 30, seconds: 4, columns: max(columns, 40))
        #expect(text.count <= max(columns, 40))
        #expect(line(5, of: nil, seconds: 4, columns: columns).count <= columns)
    }
}
