using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tarn.Core.Files;

namespace Tarn.Server.Listening;

/// <summary>A self-signed certificate that is made once and kept in the data folder, readable by its owner only.</summary>
internal sealed class GeneratedCertificate
{
    /// <summary>How long a new one is valid.</summary>
    private static readonly TimeSpan s_validity = TimeSpan.FromDays(3650);

    /// <summary>One that ends sooner is replaced at the start.</summary>
    private static readonly TimeSpan s_leastRest = TimeSpan.FromDays(30);

    private readonly string _folder;

    private GeneratedCertificate(string folder) => _folder = folder;

    /// <summary>PEM file of the certificate: give it to clients as the authority to trust.</summary>
    public string CertificatePath => Path.Join(_folder, "certificate.pem");

    /// <summary>PEM file of the key.</summary>
    public string KeyPath => Path.Join(_folder, "key.pem");

    /// <summary>Finds the certificate of a server's folder, or makes one.</summary>
    /// <param name="serverFolder">The folder of the server inside of the data folder.</param>
    /// <param name="addresses">Addresses beside loopback that the listeners have.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="Core.Errors.TarnException">It cannot be written.</exception>
    public static GeneratedCertificate Ensure(string serverFolder, IEnumerable<IPAddress> addresses, TimeProvider time)
    {
        var generated = new GeneratedCertificate(Path.Join(serverFolder, "tls"));
        try
        {
            if (!generated.IsUsable(time.GetUtcNow()))
                generated.Make(addresses, time.GetUtcNow());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot keep the generated certificate", generated._folder);
        }

        return generated;
    }

    private bool IsUsable(DateTimeOffset now)
    {
        if (!File.Exists(CertificatePath) || !File.Exists(KeyPath))
            return false;
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
            return certificate.NotAfter.ToUniversalTime() - now > s_leastRest;
        }
        catch (Exception error) when (TlsCertificate.IsUnusable(error) && error is not UnauthorizedAccessException)
        {
            // A kill between both files, or somebody's edit: what Tarn made it may make again.
            return false;
        }
    }

    private void Make(IEnumerable<IPAddress> addresses, DateTimeOffset now)
    {
        Directory.CreateDirectory(_folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Tarn", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (Uri.CheckHostName(Environment.MachineName) == UriHostNameType.Dns && Environment.MachineName != "localhost")
            names.AddDnsName(Environment.MachineName);
        foreach (var address in addresses.Concat([IPAddress.Loopback, IPAddress.IPv6Loopback]).Distinct().Where(a => !a.Equals(IPAddress.Any) && !a.Equals(IPAddress.IPv6Any)))
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        // Its own authority, so that a client can trust exactly this one.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + s_validity);
        OwnerOnlyFile.Write(KeyPath, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), replace: true);
        OwnerOnlyFile.Write(CertificatePath, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), replace: true);
    }
}
