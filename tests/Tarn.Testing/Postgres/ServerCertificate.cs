using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tarn.Testing.Postgres;

/// <summary>Makes an authority and a certificate of it for 127.0.0.1, for as long as a test takes.</summary>
public static class ServerCertificate
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(2);

    /// <summary>Writes <c>server.crt</c>, <c>server.key</c> (for its owner alone) and the authority, <c>ca.crt</c>, into a folder.</summary>
    public static void Write(string folder)
    {
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Tarn test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = request.CreateSelfSigned(from, from + s_lifetime);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var certificate = server.Create(authority, from, from + s_lifetime, RandomNumberGenerator.GetBytes(12));
        File.WriteAllText(Path.Join(folder, "ca.crt"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Join(folder, "server.crt"), certificate.ExportCertificatePem());
        string keyFile = Path.Join(folder, "server.key");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
