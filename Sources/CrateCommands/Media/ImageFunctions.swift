import CrateFormats
import CrateLanguage
import CrateValues

/// Functions on pictures. They take a picture, a plot, or an array of its shape, and give a picture of the same sample type.
func imageFunctions() -> [NativeFunction] { sizeFunctions() + turnFunctions() + colorFunctions() }

private let picture = Parameter("image", .any, .required, "a picture, a plot, or an array (H, W) or (H, W, C)")

private func sizeFunctions() -> [NativeFunction] {
    let filter = Parameter(
        "filter", .oneOf(Image.Filter.allCases.map(\.rawValue)), .optional, named: true, "how neighbours are weighed; bicubic when left out")
    return [
        NativeFunction(
            "resize", "Give a picture another size; with one side left out, its form stays.",
            [picture, Parameter("width", .int, .optional, "pixels"), Parameter("height", .int, .optional, "pixels"), filter],
            examples: [
                #"resize(zeros([4, 6, 3], dtype: "uint8"), 3, 2).shape"#,
                #"resize(zeros([4, 6]), width: 3, filter: "lanczos").shape  # [2, 3]"#,
            ]
        ) { call throws(Failure) in
            let (width, height) = (try call.int(1), try call.int(2))
            guard width != nil || height != nil else {
                throw Failure("value", "resize needs a width or a height", hint: "resize(image, width: 100)")
            }
            let filter = try chosenFilter(call, 3)
            return try changed(call) { image throws(FormatError) in try image.resized(width: width, height: height, filter: filter) }
        },
        NativeFunction(
            "thumbnail", "Make a picture fit into a size, its form kept; a smaller one stays as it is.",
            [picture, Parameter("size", .anyOf([.int, .list]), "the longest side in pixels, or [width, height]"), filter],
            examples: [#"thumbnail(zeros([40, 60], dtype: "uint8"), 30).shape  # [20, 30]"#]
        ) { call throws(Failure) in
            let (width, height) = try box(call.arguments[1])
            let filter = try chosenFilter(call, 2)
            return try changed(call) { image throws(FormatError) in try image.thumbnail(width: width, height: height, filter: filter) }
        },
        NativeFunction(
            "crop", "Cut a rectangle out of a picture.",
            [
                picture, Parameter("x", .int, .required, "pixels from the left"), Parameter("y", .int, .required, "pixels from the top"),
                Parameter("width", .int, .required, "pixels"), Parameter("height", .int, .required, "pixels"),
            ],
            examples: [#"crop(zeros([4, 6], dtype: "uint8"), 1, 1, 2, 3).shape"#]
        ) { call throws(Failure) in
            let (x, y) = (try call.int(1) ?? 0, try call.int(2) ?? 0)
            let (width, height) = (try call.int(3) ?? 0, try call.int(4) ?? 0)
            return try changed(call) { image throws(FormatError) in try image.cropped(x: x, y: y, width: width, height: height) }
        },
    ]
}

private func turnFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "mirror", "Turn a picture's sides round.",
            [
                picture,
                Parameter("direction", .oneOf(["horizontal", "vertical"]), .optional, "left and right (the usual), or top and bottom"),
            ],
            examples: [#"mirror(zeros([4, 6], dtype: "uint8"), "vertical").shape"#]
        ) { call throws(Failure) in
            let isVertical = try call.string(1) == "vertical"
            return try changed(call) { image throws(FormatError) in image.mirrored(isVertical: isVertical) }
        },
        NativeFunction(
            "rotate", "Turn a picture against the clock.", [picture, Parameter("degrees", .int, .required, "a multiple of 90")],
            examples: ["rotate(zeros([4, 6]), 90).shape  # [6, 4]"]
        ) { call throws(Failure) in
            let degrees = try call.int(1) ?? 0
            guard degrees % 90 == 0 else { throw Failure("value", "rotate turns by multiples of 90 degrees, not by \(degrees)") }
            return try changed(call) { image throws(FormatError) in image.rotated(quarters: degrees / 90) }
        },
        NativeFunction(
            "upright", "Turn a picture as its file says that it was taken.", [picture], examples: ["upright(zeros([4, 6])).shape  # [4, 6]"]
        ) { call throws(Failure) in
            try changed(call) { image throws(FormatError) in image.upright }
        },
    ]
}

private func colorFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "grey", "Take the colour out of a picture.", [picture], examples: [#"grey(zeros([4, 6, 3], dtype: "uint8")).shape"#]
        ) { call throws(Failure) in
            try changed(call) { image throws(FormatError) in try image.grey() }
        },
        NativeFunction(
            "rgb", "Give a picture as red, green and blue, without transparency; of inks (CMYK) as the light they leave.", [picture],
            examples: ["rgb(zeros([4, 6])).shape  # [4, 6, 3]"]
        ) { call throws(Failure) in
            try changed(call) { image throws(FormatError) in try image.rgb() }
        },
    ]
}

// MARK: Arguments

private func changed(_ call: Call, _ change: (Image) throws(FormatError) -> Image) throws(Failure) -> Value {
    let image = try image(call.arguments[0] ?? .null)
    do { return .object(ImageObject(try change(image))) } catch { throw Failure(error) }
}

private func image(_ value: Value) throws(Failure) -> Image {
    if case .object(let object) = value {
        if let image = object as? ImageObject { return image.image }
        if let plot = object as? PlotObject { return try plot.rendered() }
    }
    guard let tensor = try Tensor(value) else {
        throw Failure("type", "a value of type \(typeName(of: value)) is no picture", hint: "give an image, a plot or an array")
    }
    do { return try ImageFile.picture(of: tensor) } catch { throw Failure(error) }
}

private func chosenFilter(_ call: Call, _ position: Int) throws(Failure) -> Image.Filter {
    try call.string(position).flatMap { Image.Filter(rawValue: $0) } ?? .bicubic
}

/// One number for both sides, or a list of two.
private func box(_ value: Value?) throws(Failure) -> (width: Int, height: Int) {
    switch value {
    case .int(let side): return (side, side)
    case .list(let list):
        if list.items.count == 2, case .int(let width) = list.items[0], case .int(let height) = list.items[1] { return (width, height) }
    default: break
    }
    throw Failure("type", "a thumbnail's size is a number of pixels or [width, height]")
}
