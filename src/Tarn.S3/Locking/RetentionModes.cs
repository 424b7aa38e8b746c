using Tarn.Storage.Buckets;

namespace Tarn.S3.Locking;

/// <summary>Names of the retention modes in headers and XML.</summary>
internal static class RetentionModes
{
    /// <summary>Name of <see cref="RetentionMode.Governance"/>.</summary>
    public const string Governance = "GOVERNANCE";

    /// <summary>Name of <see cref="RetentionMode.Compliance"/>.</summary>
    public const string Compliance = "COMPLIANCE";

    extension(RetentionMode mode)
    {
        /// <summary>Name in headers and XML.</summary>
        public string Name => mode == RetentionMode.Governance ? Governance : Compliance;
    }

    /// <summary>The mode of one of the two names.</summary>
    public static RetentionMode Parse(string name) => name == Governance ? RetentionMode.Governance : RetentionMode.Compliance;
}
