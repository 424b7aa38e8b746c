namespace Tarn.Tests.Server;

/// <summary>The key that a server gives root when it is told so.</summary>
internal static class RootKey
{
    public const string Id = "rootkey", Secret = "rootsecret";

    /// <summary>The lines of <c>tarn.yaml</c> that say so.</summary>
    public const string Settings = $"root:\n  access_key: {Id}\n  secret_key: {Secret}\n";
}
