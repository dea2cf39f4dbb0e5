import CrateFormats
import CrateLanguage
import CrateValues

/// Functions on pictures. They take a picture, a plot, or an array of its shape, and give a picture.
func imageFunctions() -> [NativeFunction] {
    let picture = Parameter("image", .any, .required, "a picture, a plot, or an array")
    return [
        NativeFunction(
            "resize", "Give a picture another size.",
            [picture, Parameter("width", .int, .required, "pixels"), Parameter("height", .int, .required, "pixels")],
            examples: ["resize(zeros([4, 6, 3], dtype: \"uint8\"), 3, 2).shape"]
        ) { call throws(Failure) in
            let (width, height) = (try call.int(1) ?? 0, try call.int(2) ?? 0)
            return try changed(call) { image throws(FormatError) in try image.resized(width: width, height: height) }
        },
        NativeFunction(
            "crop", "Cut a rectangle out of a picture.",
            [
                picture, Parameter("x", .int, .required, "pixels from the left"), Parameter("y", .int, .required, "pixels from the top"),
                Parameter("width", .int, .required, "pixels"), Parameter("height", .int, .required, "pixels"),
            ],
            examples: ["crop(zeros([4, 6], dtype: \"uint8\"), 1, 1, 2, 3).shape"]
        ) { call throws(Failure) in
            let (x, y) = (try call.int(1) ?? 0, try call.int(2) ?? 0)
            let (width, height) = (try call.int(3) ?? 0, try call.int(4) ?? 0)
            return try changed(call) { image throws(FormatError) in try image.cropped(x: x, y: y, width: width, height: height) }
        },
        NativeFunction("grey", "Take the colour out of a picture.", [picture], examples: ["grey(zeros([4, 6, 3], dtype: \"uint8\")).shape"]) { call throws(Failure) in
            try changed(call) { image throws(FormatError) in try image.grey() }
        },
        NativeFunction(
            "mirror", "Turn a picture's sides round.",
            [picture, Parameter("direction", .oneOf(["horizontal", "vertical"]), .optional, "left and right (the usual), or top and bottom")],
            examples: ["mirror(zeros([4, 6], dtype: \"uint8\"), \"vertical\").shape"]
        ) { call throws(Failure) in
            let isVertical = try call.string(1) == "vertical"
            return try changed(call) { image throws(FormatError) in image.mirrored(isVertical: isVertical) }
        },
    ]
}

private func changed(_ call: Call, _ change: (Image) throws(FormatError) -> Image) throws(Failure) -> Value {
    let image = try picture(call.arguments[0] ?? .null)
    do { return .object(ImageObject(try change(image))) } catch { throw Failure(error) }
}

private func picture(_ value: Value) throws(Failure) -> Image {
    if case .object(let object) = value {
        if let image = object as? ImageObject { return image.image }
        if let plot = object as? PlotObject { return try plot.rendered() }
    }
    guard let tensor = try Tensor(value) else {
        throw Failure("type", "a value of type \(typeName(of: value)) is no picture", hint: "give an image, a plot or an array")
    }
    do { return try ImageFile.image(from: tensor) } catch { throw Failure(error) }
}
