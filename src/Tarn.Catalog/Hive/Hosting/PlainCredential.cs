using System.Text;

namespace Tarn.Catalog.Hive.Hosting;

/// <summary>The response of the mechanism PLAIN (RFC 4616): for whom, NUL, who, NUL, password.</summary>
/// <param name="UserName">An access key id.</param>
/// <param name="Password">Its secret.</param>
internal sealed record PlainCredential(string UserName, string Password)
{
    /// <summary>Name of the mechanism.</summary>
    public const string Mechanism = "PLAIN";

    /// <summary>Reads a response; null when it has another form. For whom is not looked at: a key acts for its owner.</summary>
    public static PlainCredential? TryRead(ReadOnlySpan<byte> response)
    {
        int first = response.IndexOf((byte)0);
        if (first < 0)
            return null;
        var rest = response[(first + 1)..];
        int second = rest.IndexOf((byte)0);
        return second <= 0 ? null : new PlainCredential(Encoding.UTF8.GetString(rest[..second]), Encoding.UTF8.GetString(rest[(second + 1)..]));
    }

    /// <summary>Without the password, so that it cannot slip into a log.</summary>
    public override string ToString() => UserName;
}
