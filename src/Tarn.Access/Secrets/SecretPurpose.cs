namespace Tarn.Access.Secrets;

/// <summary>What sealed texts are for; part of what is authenticated.</summary>
internal static class SecretPurpose
{
    /// <summary>The key of session tokens.</summary>
    public const string SessionKey = "session key";

    /// <summary>The secret half of an access key.</summary>
    public static string OfKey(string accessKeyId) => $"access key '{accessKeyId}'";

    /// <summary>The password verifier of a user.</summary>
    public static string OfPassword(string canonicalId) => $"password of user {canonicalId}";
}
