using System.Text;
using Tarn.Testing.S3;

namespace Tarn.Benchmarks.S3;

/// <summary>
/// A request as bytes, signed once; the server checks it as often as it comes. The payload is left open in the signature, so that an upload costs the
/// server the MD5 of its entity tag and a CRC, as it does from clients over TLS.
/// </summary>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">Body; empty for none.</param>
internal sealed record LoadRequest(byte[] Head, byte[] Body)
{
    public const string AccessKey = "benchkey", SecretKey = "benchsecret";

    /// <summary>Makes a signed request.</summary>
    public static LoadRequest Signed(string method, string address, string target, byte[]? body = null)
    {
        var signed = new SignedHead(AccessKey, SecretKey).Sign(method, address, target, SignedHead.UnsignedPayload, TimeProvider.System.GetUtcNow());
        return new(Write(method, address, target, signed, body), body ?? []);
    }

    /// <summary>Makes a request that nobody signed.</summary>
    public static LoadRequest Plain(string address, string target) => new(Write("GET", address, target, [], null), []);

    private static byte[] Write(string method, string address, string target, IEnumerable<(string Name, string Value)> headers, byte[]? body)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {address}\r\n");
        foreach (var (name, value) in headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (method == "PUT")
            head.Append("Content-Length: ").Append(body?.Length ?? 0).Append("\r\n");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}
