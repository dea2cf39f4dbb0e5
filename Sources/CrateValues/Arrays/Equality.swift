import Glibc

extension Tensor {
    /// Same shape, and each element equal to its counterpart by value, whatever the types; NaN equals nothing.
    public func hasEqualElements(_ other: Tensor) -> Bool {
        guard shape == other.shape else { return false }
        if count == 0 { return true }
        return (try? combined(.equal, with: other).reduced(.all).onlyElement) == .bool(true)
    }

    /// Same type, shape and bits: NaN equals itself, and zero differs from negative zero.
    public func isIdentical(to other: Tensor) -> Bool {
        guard dtype == other.dtype, shape == other.shape else { return false }
        guard let a = try? contiguous(), let b = try? other.contiguous() else { return false }
        return a.withElements(of: UInt8.self) { x in
            b.withElements(of: UInt8.self) { y in
                memcmp(x + a.offset * dtype.size, y + b.offset * dtype.size, a.byteCount) == 0
            }
        }
    }

    /// The view that `select` makes of this array's layout; an error when it would reach outside the bytes.
    public func seen(_ select: (Layout) throws(ArrayError) -> Layout) throws(ArrayError) -> Tensor {
        view(try checked(try select(layout)))
    }

    /// The layout itself when it stays inside the bytes.
    func checked(_ place: Layout) throws(ArrayError) -> Layout {
        guard Tensor.fits(dtype: dtype, shape: place.shape, strides: place.strides, offset: place.offset, byteCount: bytes.count) else {
            throw ArrayError(.index, "a view of shape \(place.shape) reaches outside its array")
        }
        return place
    }
}
