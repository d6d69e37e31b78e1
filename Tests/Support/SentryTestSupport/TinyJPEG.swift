import Foundation

/// A drawn face of 32 × 32 grey pixels as Pillow writes it at quality 30.
public enum TinyJPEG {
  public static let bytes: [UInt8] = Array(
    Data(
      base64Encoded: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j
        q62rZ4C8ybqmx5moq6T/wAALCAAgACABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi
        4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AKDtjpyTTQkjH0+pp5R41yTuHf2p8UTzNiNSxxnioiSHYgZIHFOjMmcttx6CnLCA
        wZmZj7mtLRU2+d6ggD6VlFCP3mPlzgn3qYxShQ4Usp6EVNBAZH3MCkfUk1LaXQgaU7SQ5GMVRDEKyg8N1HrSwzy2/CnKnsaklu3l
        XbtCg9e5NRb2Hev/2Q==
        """, options: .ignoreUnknownCharacters) ?? Data())
}
