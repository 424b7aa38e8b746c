namespace Tarn.Catalog.Hive.Hosting;

/// <summary>First byte of a message of the negotiation (TSaslTransport); four bytes of length and the payload follow.</summary>
internal enum SaslStatus : byte
{
    /// <summary>The client names the mechanism.</summary>
    Start = 1,

    /// <summary>A response, or a challenge.</summary>
    Ok = 2,

    /// <summary>The credentials are wrong.</summary>
    Bad = 3,

    /// <summary>The negotiation cannot go on.</summary>
    Error = 4,

    /// <summary>The client has proved itself.</summary>
    Complete = 5,
}
