import CrateLanguage
import CrateValues
import Testing

@testable import CrateCommands

@Suite("Pictures, sound and plots")
struct MediaTests {
    private let bench: Workbench
    init() throws { bench = try Workbench() }

    /// The text of the value that `text` ends in, or of its failure.
    private func value(_ text: String) -> String {
        switch bench.run(text) {
        case .finished(let value): value?.description ?? "nothing"
        case .failed(let failure): "\(failure.kind): \(failure.message)"
        default: "unfinished"
        }
    }

    private func object<Wanted: Object>(_ text: String, as: Wanted.Type = Wanted.self) throws -> Wanted {
        guard case .finished(.object(let object)?) = bench.run(text) else { throw Missing(text: text, got: value(text)) }
        return try #require(object as? Wanted)
    }

    private struct Missing: Error { let text: String, got: String }

    @Test func `a picture behaves as its samples`() throws {
        #expect(bench.run("let noise = mirror(reshape(uint8(range(24)), [2, 4, 3]))").isFinished)
        #expect(value("noise.shape") == "[2, 4, 3]")
        #expect(value("[noise.width, noise.height, noise.channels, noise.size, len(noise)]") == "[4, 2, 3, 24, 2]")
        #expect(value("noise.dtype") == "uint8")
        #expect(value("type(noise)") == "image")
        #expect(value("noise[0][0]") == value("uint8([9, 10, 11])"))
        #expect(value("noise[0, 1:3, 0]") == value("uint8([6, 3])"))
        #expect(value("(noise + 1)[1][3]") == value("uint8([13, 14, 15])"))
        #expect(value("(2 * noise)[0, 0, 0]") == "18")
        #expect(value("noise.mean()") == "11.5")
        #expect(value("max(noise.pixels)") == "23")
        #expect(value("(noise == mirror(mirror(noise))).all()") == "true")
        #expect(value("noise.nothing").hasPrefix("name: ") || value("noise.nothing").contains("nothing"))
    }

    @Test func `writing a pixel changes the picture`() {
        #expect(value("let p = grey(zeros([2, 2, 3], dtype: \"uint8\")); p[0, 1] = 200; p[0, 1]") == "200")
        #expect(value("let q = p; q[1, 1] = 7; p[1, 1]") == "7")
        #expect(value("p[0, 0] = 256").hasPrefix("overflow"))
    }

    @Test func `pictures are cut, resized, turned and drained of colour`() {
        #expect(value("resize(zeros([4, 6, 3], dtype: \"uint8\"), 3, 2).shape") == "[2, 3, 3]")
        #expect(value("crop(zeros([4, 6], dtype: \"uint8\"), 1, 1, 2, 3).shape") == "[3, 2]")
        #expect(value("grey(zeros([4, 6, 3], dtype: \"uint8\")).shape") == "[4, 6]")
        #expect(value("mirror(uint8([[1, 2], [3, 4]]), \"vertical\")[0]") == value("uint8([3, 4])"))
        #expect(value("crop(zeros([4, 6], dtype: \"uint8\"), 5, 0, 2, 2)").hasPrefix("unrepresentable"))
        #expect(value("resize(zeros([4, 6], dtype: \"uint8\"), 0, 2)").hasPrefix("unrepresentable"))
        #expect(value("grey(\"text\")").hasPrefix("type"))
        #expect(value("grey([1, 2])").hasPrefix("unrepresentable"))
        #expect(value("resize(plot([1, 2], size: [640, 400]), 64, 40).shape") == "[40, 64, 3]")
    }

    @Test func `pictures keep their samples' type`() {
        #expect(value("resize(zeros([4, 6]), width: 3).dtype") == "float64")
        #expect(value("resize(uint16(zeros([4, 6])), height: 8, filter: \"lanczos\").shape") == "[8, 12]")
        #expect(value("resize(zeros([4, 6]))").hasPrefix("value: "))
        #expect(value("resize(zeros([4, 6]), 3, filter: \"sharp\")").contains("lanczos"))
        #expect(value("thumbnail(zeros([40, 60], dtype: \"uint8\"), [30, 90]).shape") == "[20, 30]")
        #expect(value("thumbnail(zeros([40, 60]), \"30\")").hasPrefix("type: "))
        #expect(value("rotate(uint8([[1, 2], [3, 4]]), 90)[0]") == value("uint8([2, 4])"))
        #expect(value("rotate(uint8([[1, 2], [3, 4]]), -90)[0]") == value("uint8([3, 1])"))
        #expect(value("rotate(zeros([2, 2]), 45)").hasPrefix("value: "))
        #expect(value("rgb(zeros([4, 6, 4], dtype: \"uint8\")).mode") == "RGB")
        #expect(value("grey(zeros([4, 6, 3])).dtype") == "float64")
        #expect(value("grey(complex64(zeros([4, 6, 3])))").hasPrefix("unrepresentable"))
    }

    @Test func `further forms are read and written`() {
        #expect(bench.run("let n = reshape(uint16(arange(24) * 999), [2, 4, 3])").isFinished)
        #expect(bench.run("write(n, \"n.tiff\", renormalize: false); write(linspace(-1, 1, 6) * ones([2, 6]), \"f.tif\", renormalize: false)").isFinished)
        #expect(value("(read(\"n.tiff\").pixels == n).all()") == "true")
        #expect(value("read(\"f.tif\").dtype") == "float64")
        // A picture of floats is stretched where the form has no place for them.
        #expect(bench.run("write(read(\"f.tif\"), \"f.png\")").isFinished)
        #expect(value("[read(\"f.png\").dtype, read(\"f.png\").min(), read(\"f.png\").max()]") == "[\"uint8\", 0, 255]" || value("read(\"f.png\").max()") == "255")
        #expect(bench.run("write(uint8(n), \"n.webp\", lossless: true)").isFinished)
        #expect(value("(read(\"n.webp\").pixels == uint8(n)).all()") == "true")
        #expect(value("write(n, \"n.webp\", renormalize: false)").hasPrefix("unrepresentable"))
    }

    @Test func `an animation's frames go into a folder`() {
        #expect(bench.run("write([full([2, 3], i * 20, dtype: \"uint8\") for i in 0..<12], \"a.gif\")").isFinished)
        #expect(value("gif_to_dir(\"a.gif\", \"out/frames\")[11]") == "out/frames/frame12.png")
        #expect(value("read(\"out/frames/frame03.png\")[0, 0, 0]") == "40")
        #expect(bench.run("dir_to_gif(\"out/frames\", \"b.gif\")").isFinished)
        #expect(value("read(\"b.gif\") == read(\"a.gif\")") == "true")
        #expect(value("gif_to_dir(read(\"a.gif\")[:2], \"two\", format: \"bmp\")") == "[\"two/frame1.bmp\", \"two/frame2.bmp\"]")
        #expect(value("gif_to_dir(\"a.gif\", \"three\", format: \"xyz\")").hasPrefix("unsupported"))
        #expect(value("gif_to_dir(5, \"three\")").hasPrefix("type"))
        #expect(value("gif_to_dir(\"none.gif\", \"three\")").hasPrefix("not_found"))
    }

    @Test func `sounds are made, changed, cut and tagged`() {
        #expect(bench.run("let tone = sound(int16(sin(linspace(0, 500, 8000)) * 9999), 8000)").isFinished)
        #expect(value("type(tone)") == "audio")
        #expect(value("[resample(tone, 16000).frames, resample(tone, 16000).sample_rate, resample(tone, 16000).dtype]").hasPrefix("[16000, 16000,"))
        #expect(value("resample(tone, 4000, quality: \"very high\").duration") == "1.0")
        #expect(value("excerpt(tone, 0.25, 0.5).frames") == "4000")
        #expect(value("excerpt(tone, 2)").hasPrefix("unrepresentable"))
        #expect(value("mono(sound(int16([[1, 3], [5, 7]]), 8000)).data") == value("int16([2, 6])"))
        #expect(value("resample(tone, 0)").hasPrefix("unrepresentable"))
        #expect(value("resample([1, 2], 8000)").hasPrefix("type"))
        #expect(value("sound(zeros([2, 2, 2]), 8000)").hasPrefix("unrepresentable"))
        #expect(value("sound(zeros([2]), 0)").hasPrefix("value"))
        #expect(bench.run("write(tone, \"t.flac\", compression: 8)").isFinished)
        #expect(value("read(\"t.flac\", start: 0.5, duration: 0.25).data") == value("tone.data[4000:6000]"))
        #expect(value("read(\"t.flac\").tags") == "{}")
        #expect(value("write(tone, \"t.wav\", subtype: \"VORBIS\")").contains("VORBIS"))
    }

    @Test func `a plot takes values in all their forms`() throws {
        func series(_ text: String) throws -> [(String, [Double], [Double])] {
            try object(text, as: PlotObject.self).plot.series.map { ($0.name, $0.x, $0.y) }
        }
        #expect(try series("plot([4, 5])")[0] == ("", [0, 1], [4, 5]))
        #expect(try series("plot([1, 2], [4, 5])")[0] == ("", [1, 2], [4, 5]))
        #expect(try series("plot(linspace(0, 1, 3), array([1, 2, 3]))")[0].1 == [0, 0.5, 1])
        let named = try series("plot([1, 2], {up: [0, 1], down: [1, 0]})")
        #expect(named[0] == ("up", [1, 2], [0, 1]) && named[1] == ("down", [1, 2], [1, 0]))
        #expect(try series("plot({loss: [3, 2]})")[0] == ("loss", [0, 1], [3, 2]))
        #expect(try series("plot(array([[1, 2], [3, 4], [5, 6]]))").map(\.2) == [[1, 3, 5], [2, 4, 6]])
        #expect(try series("plot(0..<3)")[0].2 == [0, 1, 2])
        #expect(try series("plot([1, null, 3])")[0].2[1].isNaN)
        #expect(try series("bar([\"a\", \"b\"], [3, 5])")[0] == ("", [0, 1], [3, 5]))
        #expect(try series("histogram([1, 2, 2, 3], bins: 2)")[0] == ("", [1, 2, 3], [1, 3]))
        #expect(try series("histogram(zeros([3, 4]))")[0].2 == [12])
    }

    @Test func `a plot's options are kept`() throws {
        let plot = try object(
            "plot([1, 2], {a: [1, 2], b: [3, 4]}, title: \"T\", xlabel: \"X\", ylabel: \"Y\", legend: [\"one\", \"two\"], grid: false, size: [320, 200], color: [\"red\", \"#00ff00\"], xlim: [0, 3], ylim: [-1, 9])",
            as: PlotObject.self
        ).plot
        #expect([plot.title, plot.xLabel, plot.yLabel] == ["T", "X", "Y"])
        #expect(plot.series.map(\.name) == ["one", "two"])
        #expect(!plot.showsGrid)
        #expect((plot.width, plot.height) == (320, 200))
        #expect(plot.series[1].color?.green == 1)
        #expect(plot.xRange == 0...3 && plot.yRange == -1...9)
        #expect(try object("bar({train: 0.9, test: 0.8})", as: PlotObject.self).plot.categories == ["train", "test"])
        #expect(try object("plot([1], legend: false)", as: PlotObject.self).plot.showsLegend == false)
        #expect(value("plot([1, 2], title: \"T\")") == "plot(\"T\", 800 × 500)")
        #expect(value("plot([1, 2], size: [320, 200]).image.shape") == "[200, 320, 3]")
    }

    @Test(arguments: [
        ("plot([1, 2], [1, 2, 3])", "value"), ("plot(\"text\")", "type"), ("plot([1], size: [10, 10])", "value"),
        ("plot([1], size: [800])", "value"), ("plot([1], color: \"reddish\")", "value"), ("plot([1], xlim: [2, 1])", "value"),
        ("plot([1], legend: [1])", "type"), ("bar([\"a\"], [1, 2])", "value"), ("histogram([1], bins: 0)", "value"),
        ("plot(zeros([2, 2, 2]))", "type"), ("plot(zeros([0, 10000000]))", "limit"), ("plot(zeros([0, 4294967296]))", "limit"),
        ("bar(0..<9223372036854775807, [1])", "value"), ("bar(-9223372036854775807..<9223372036854775807, [1])", "value"),
        ("bar(0..<4294967296, {up: [1], down: [2]})", "value"), ("bar(array([1, 2]), [1])", "value"),
    ])
    func `wrong arguments are told`(_ text: String, _ kind: String) {
        #expect(value(text).hasPrefix("\(kind): "))
    }

    @Test func `a sound gives its samples by name and by key`() throws {
        let samples = try Tensor.from([0.0, 0.25, -0.5, 1.0]).reshaped([2, 2])
        let sound = AudioObject(AudioClip(samples: samples, sampleRate: 4, format: "WAV", subtype: "DOUBLE", warnings: ["ends early"]))
        func text(_ name: String) throws -> String? { try sound.member(name)?.description }
        #expect(try text("duration") == "0.5")
        #expect(try text("channels") == "2" && text("frames") == "2" && text("sample_rate") == "4")
        #expect(try text("warnings") == "[\"ends early\"]")
        #expect(try sound.element([.at(.string("sample_rate"))]).description == "4")
        #expect(try sound.element([.at(.string("data"))]).description == ArrayObject(samples).description)
        #expect(try sound.element([.at(.int(1)), .at(.int(0))]).description == "-0.5")
        #expect(throws: Failure.self) { try sound.element([.at(.string("rate"))]) }
        #expect(try sound.member("volume") == nil)
        #expect(sound.memberNames.allSatisfy { (try? sound.member($0)) ?? nil != nil })
    }

    // MARK: Animations

    @Test func `an animation goes out and comes back`() {
        #expect(bench.run("write([zeros([2, 3]), ones([2, 3]), zeros([2, 3])], \"a.gif\", fps: 5); let film = read(\"a.gif\")").isFinished)
        #expect(value("type(film)") == "animation")
        #expect(value("film") == "animation(3 frames, 3 × 2, 0.6 s)")
        #expect(value("[len(film), len(film.frames), film.delays, film.loop, film.duration, film.width, film.height, film.fps]")
            == "[3, 3, [200, 200, 200], 0, 0.6, 3, 2, 5.0]")
        #expect(value("type(film[1])") == "image")
        #expect(value("film[1][0, 0]") == value("uint8([255, 255, 255])"))
        #expect(value("film[-1][0, 0, 0]") == "0")
        #expect(bench.shown("for frame in film { print frame.shape, frame.max() }") == "[2, 3, 3] 0\n[2, 3, 3] 255\n[2, 3, 3] 0\n")
        #expect(value("film[1:].delays") == "[200, 200]")
        #expect(value("film[3]").hasPrefix("index: "))
        #expect(value("film.sound").contains("sound"))
        #expect(value("film == read(\"a.gif\")") == "true")
        #expect(value("film == film[1:]") == "false")
        #expect(value("len(from_json(to_json(film, arrays: \"digest\")))") == "3")
    }

    @Test func `an animation is an artifact, and keeps its times`() {
        #expect(bench.run("setup \"film\"; let a = gif(\"a.gif\")").isFinished)
        #expect(bench.run("save a, uint8(zeros([2, 4, 5])), duration: [30, 70], loop: 2").isFinished)
        #expect(value("a.path") == "snapshots/film/v0/gifs/a.gif")
        #expect(value("[load(a).delays, load(a).loop]") == "[[30, 70], 2]")
        #expect(bench.run("save gif(\"b.gif\"), load(a)").isFinished)
        #expect(value("load(gif(\"b.gif\")) == load(a)") == "true")
        #expect(bench.run("save image(\"first.png\"), load(a)[0]").isFinished)
        #expect(value("save(image(\"all.png\"), load(a))").hasPrefix("unrepresentable"))
        #expect(bench.run("save gif(\"plots.gif\"), [plot([1, 2], size: [320, 200]), plot([2, 1], size: [320, 200])]").isFinished)
        #expect(value("load(gif(\"plots.gif\"))[1].shape") == "[200, 320, 3]")
    }

    @Test func `a folder's pictures become an animation in natural order`() {
        #expect(bench.run("make_dir(\"frames/inner\")").isFinished)
        #expect(bench.run("for i in 0..<12 { write(full([2, 2], i * 20, dtype: \"uint8\"), \"frames/f\\(i).png\") }").isFinished)
        #expect(bench.run("write_text(\"frames/notes.txt\", \"x\"); dir_to_gif(\"frames\", \"film.gif\", fps: 25, loop: 1)").isFinished)
        #expect(bench.shown("for frame in read(\"film.gif\") { print frame[0, 0, 0] }") == (0..<12).map { "\($0 * 20)\n" }.joined())
        #expect(value("[read(\"film.gif\").delays[0], read(\"film.gif\").loop]") == "[40, 1]")
        #expect(value("dir_to_gif(\"frames/inner\", \"none.gif\")").hasPrefix("not_found"))
        #expect(value("dir_to_gif(\"nowhere\", \"none.gif\")").hasPrefix("not_found"))
        #expect(value("exists(\"none.gif\")") == "false")
    }

    // MARK: Videos

    @Test func `a video goes out and comes back, frame by frame`() {
        #expect(bench.run("let frames = [full([4, 6, 3], 40 * i, dtype: \"uint8\") for i in 0..<5]").isFinished)
        #expect(bench.run("write(frames, \"a.mkv\", fps: 5, codec: \"ffv1\"); let film = read(\"a.mkv\")").isFinished)
        #expect(value("[type(film), film]") == "[\"video\", video(5 frames, 6 × 4, 1.0 s)]")
        #expect(value("[len(film), film.frame_count, film.fps, film.duration, film.width, film.height, film.codec, film.audio, film.audio_fps]")
            == "[5, 5, 5.0, 1.0, 6, 4, \"ffv1\", null, null]")
        #expect(value("[type(film[1]), film[1][0, 0, 0], film[-1][3, 5, 2]]") == "[\"image\", 40, 160]")
        #expect(bench.shown("for frame in film { print frame.shape, frame.max() }")
            == "[4, 6, 3] 0\n[4, 6, 3] 40\n[4, 6, 3] 80\n[4, 6, 3] 120\n[4, 6, 3] 160\n")
        #expect(bench.shown("for i, frame in film[3:] { print i, frame.max() }") == "0 120\n1 160\n")
        #expect(value("[f.max() for f in film.frames if f.max() > 100]") == "[120, 160]")
        #expect(value("[film[i].max() for i in [0, 1, 2, 4, 3, 4, 0]]") == "[0, 40, 80, 160, 120, 160, 0]")
        #expect(value("[film[1:4], len(film[2:2]), film[1:4][1:][0].max()]") == "[video(3 frames, 6 × 4, 0.6 s), 0, 80]")
        #expect(value("len([f for f in film[2:2]])") == "0")
        #expect(value("stack([f for f in film]).shape") == "[5, 4, 6, 3]")
        #expect(value("film[5]").hasPrefix("index: "))
        #expect(value("film.sound").contains("sound"))
        #expect(value("to_json(film)").hasPrefix("type: "))
    }

    @Test func `a video is an artifact`() {
        #expect(bench.run("setup \"film\"; let a = video(\"a.mp4\")").isFinished)
        #expect(bench.run("save a, uint8(zeros([3, 4, 6])), fps: 25").isFinished)
        #expect(value("[a.path, load(a)]") == "[\"snapshots/film/v0/videos/a.mp4\", video(3 frames, 6 × 4, 0.12 s)]")
        #expect(bench.run("save video(\"b.webm\"), load(a)[1:]").isFinished)
        #expect(value("load(video(\"b.webm\"))") == "video(2 frames, 6 × 4, 0.08 s)")
        #expect(bench.run("save gif(\"c.gif\"), load(a); save video(\"d.avi\"), load(gif(\"c.gif\")), codec: \"mjpeg\"").isFinished)
        #expect(bench.run("save video(\"plots.mp4\"), [plot([1, 2], size: [320, 200]), plot([2, 1], size: [320, 200])], codec: \"h264\"").isFinished)
        #expect(value("load(video(\"plots.mp4\"))[1].shape") == "[200, 320, 3]")
        #expect(value("save(a, [zeros([2, 2]), zeros([2, 3])])").hasPrefix("unrepresentable"))
        #expect(value("save(a, [uint8(zeros([2, 2])), uint8(zeros([2, 3]))])").contains("frame 1 is 3 × 2, but the video is 2 × 2"))
        #expect(value("save(a, \"text\")").hasPrefix("unrepresentable"))
        #expect(value("load(a)") == "video(3 frames, 6 × 4, 0.12 s)")
    }

    @Test func `a video's sound is a sound`() {
        #expect(bench.run("let tone = int16(1000 * sin(linspace(0, 400, 4000))); write(tone, \"t.wav\", sample_rate: 4000)").isFinished)
        #expect(bench.run("write(zeros([10, 4, 6]), \"a.avi\", audio: read(\"t.wav\")); let film = read(\"a.avi\")").isFinished)
        #expect(value("[film.audio, film.audio_fps, (film.audio.data == tone).all()]") == "[audio(1.0 s, 4000 Hz, 1 channel), 4000, true]")
        #expect(value("film[2:5].audio") == "audio(0.3 s, 4000 Hz, 1 channel)")
        #expect(value("(film[2:5].audio.data == tone[800:2000]).all()") == "true")
        #expect(bench.run("write(zeros([10, 4, 6]), \"b.avi\", codec: \"mjpeg\", audio: tone, audio_fps: 8000)").isFinished)
        #expect(value("read(\"b.avi\").audio_fps") == "8000")
        #expect(value("write(zeros([2, 4, 6]), \"c.avi\", audio: tone)").contains("rate"))
    }

    @Test func `a folder's pictures become a video, and a video's frames pictures`() {
        #expect(bench.run("make_dir(\"frames\"); for i in 0..<12 { write(full([2, 2], i * 20, dtype: \"uint8\"), \"frames/f\\(i).png\") }").isFinished)
        #expect(bench.run("write_text(\"frames/notes.txt\", \"x\"); dir_to_video(\"frames\", \"film.mkv\", fps: 24, codec: \"ffv1\")").isFinished)
        #expect(value("[read(\"film.mkv\").fps, [f.max() for f in read(\"film.mkv\")]]") == "[24.0, \((0..<12).map { $0 * 20 })]")
        #expect(value("video_to_dir(\"film.mkv\", \"out/deep\")") == "12")
        #expect(value("[len(list_dir(\"out/deep\")), read(\"out/deep/frame_000011.png\").max()]") == "[12, 220]")
        #expect(value("video_to_dir(read(\"film.mkv\")[3:5], \"two\", extension: \"jpg\", quality: 95)") == "2")
        #expect(value("list_dir(\"two\")") == "[\"frame_000000.jpg\", \"frame_000001.jpg\"]")
        #expect(value("video_to_dir([1], \"two\")").hasPrefix("type"))
        #expect(value("dir_to_video(\"out\", \"none.mp4\")").hasPrefix("not_found"))
        #expect(bench.run("write(zeros([3, 3]), \"frames/f9.png\")").isFinished)
        #expect(value("dir_to_video(\"frames\", \"none.mp4\")").contains("frame 9 is 3 × 3, but the video is 2 × 2"))
        #expect(bench.run("write_text(\"frames/f9.png\", \"broken\")").isFinished)
        #expect(value("dir_to_video(\"frames\", \"none.mp4\")").contains("frames/f9.png"))
        #expect(value("exists(\"none.mp4\")") == "false")
    }
}

extension Outcome {
    fileprivate var isFinished: Bool { if case .finished = self { true } else { false } }
}
