using System.Security.Cryptography;
using System.Text;

namespace Tarn.Iceberg.Lineage;

/// <summary>What is kept of a statement.</summary>
public static class StatementShape
{
    /// <summary>Most characters kept of a statement; the hash is of all.</summary>
    public const int MaxLength = 4096;

    private const int HashBytes = 16;

    /// <summary>The kept text and the hash of a statement without its constants.</summary>
    public static (string Text, string Hash) Of(string withoutConstants) => (
        withoutConstants.Length <= MaxLength ? withoutConstants : withoutConstants[..MaxLength] + "…",
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(withoutConstants)).AsSpan(0, HashBytes)));
}
