import Glibc

extension Float: RealElement {
    static var dtype: DType { .float32 }
    @inline(__always) static func power(_ a: Float, _ b: Float) -> Float { powf(a, b) }
    @inline(__always) var toDouble: Double { Double(self) }
}

extension Double: RealElement {
    static var dtype: DType { .float64 }
    @inline(__always) static func power(_ a: Double, _ b: Double) -> Double { pow(a, b) }
    @inline(__always) var toDouble: Double { self }
}

extension Bool: Element {
    static var dtype: DType { .bool }

    init(_ scalar: Scalar) {
        switch scalar {
        case .bool(let value): self = value
        case .int(let value): self = value != 0
        case .unsigned(let value): self = value != 0
        case .float(let value): self = value != 0
        case .complex(let real, let imaginary): self = real != 0 || imaginary != 0
        }
    }

    var scalar: Scalar { .bool(self) }
}

/// A complex number as C, numpy and PyTorch lay it out: real part, imaginary part.
struct Complex<Part: RealElement & BinaryFloatingPoint>: Element, Equatable {
    var real: Part
    var imaginary: Part

    @inline(__always) init(_ real: Part, _ imaginary: Part) {
        self.real = real
        self.imaginary = imaginary
    }

    static var dtype: DType { Part.dtype == .float32 ? .complex64 : .complex128 }

    init(_ scalar: Scalar) {
        if case .complex(let real, let imaginary) = scalar {
            self.init(Part(real), Part(imaginary))
        } else {
            self.init(Part(scalar), 0)
        }
    }

    var scalar: Scalar { .complex(real.toDouble, imaginary.toDouble) }

    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { Self(a.real + b.real, a.imaginary + b.imaginary) }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { Self(a.real - b.real, a.imaginary - b.imaginary) }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self {
        Self(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self {
        // Smith's way: scaling by the larger part of the divisor keeps the squares in range.
        if abs(b.real) >= abs(b.imaginary) {
            if b.real == 0 && b.imaginary == 0 { return Self(a.real / abs(b.real), a.imaginary / abs(b.real)) }
            let ratio = b.imaginary / b.real
            let scale = 1 / (b.real + b.imaginary * ratio)
            return Self((a.real + a.imaginary * ratio) * scale, (a.imaginary - a.real * ratio) * scale)
        }
        let ratio = b.real / b.imaginary
        let scale = 1 / (b.imaginary + b.real * ratio)
        return Self((a.real * ratio + a.imaginary) * scale, (a.imaginary * ratio - a.real) * scale)
    }
}
