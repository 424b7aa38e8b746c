using System.Net;
using System.Security.Cryptography.X509Certificates;
using Tarn.Core.Errors;
using Tarn.Server.Listening;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Tests.Server.Listening;

public sealed class TlsCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    private GeneratedCertificate Generate(string name) => GeneratedCertificate.Ensure(_folder[name], [IPAddress.Parse("192.0.2.7")], TimeProvider.System);

    [Fact]
    public void Ensure_Twice_KeepsTheCertificateForItsOwnerOnly()
    {
        var first = Generate("server");
        byte[] key = File.ReadAllBytes(first.KeyPath);
        Generate("server");
        Assert.Equal(key, File.ReadAllBytes(first.KeyPath));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.KeyPath));
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(first.CertificatePath);
        Assert.True(certificate.MatchesHostname("localhost") && certificate.MatchesHostname("127.0.0.1") && certificate.MatchesHostname("192.0.2.7"));
    }

    [Fact]
    public void Ensure_HalfWritten_MakesItAgain()
    {
        var first = Generate("server");
        File.WriteAllText(first.CertificatePath, "half");
        Generate("server");
        using var certificate = X509Certificate2.CreateFromPemFile(first.CertificatePath, first.KeyPath);
        Assert.True(certificate.HasPrivateKey);
    }

    [Fact]
    public async Task Handshake_WithTheGeneratedCertificate_IsTrustedByWhoTrustsIt()
    {
        var generated = Generate("server");
        var door = TestDoor.Create(TestDoor.Hello, new TlsCertificate(generated.CertificatePath, generated.KeyPath, _time, TestDoor.Silent));
        await door.StartAsync(default);
        using var handler = new SocketsHttpHandler();
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(generated.CertificatePath));
        handler.SslOptions.CertificateChainPolicy = policy;
        using var client = new HttpClient(handler);
        Assert.Equal("hello", await client.GetStringAsync($"https://localhost:{door.Bound!.Port}/"));
        await door.StopAsync(default);
    }

    [Fact]
    public void Current_RenewedFiles_AreUsedWithoutARestart()
    {
        var (served, renewed) = (Generate("served"), Generate("renewed"));
        var tls = new TlsCertificate(served.CertificatePath, served.KeyPath, _time, TestDoor.Silent);
        string before = tls.Current.Thumbprint;
        Renew(renewed.CertificatePath, served.CertificatePath);
        _time.Advance(TimeSpan.FromMinutes(1));
        // Between both files they do not fit together: the old certificate goes on.
        Assert.Equal(before, tls.Current.Thumbprint);
        Renew(renewed.KeyPath, served.KeyPath);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(before, tls.Current.Thumbprint);
    }

    [Theory]
    [InlineData("missing.pem", "missing.pem")]
    [InlineData("rubbish.pem", "rubbish.pem")]
    public void New_FilesThatAreNone_SaysWhichAndWhatIsWanted(string certificate, string named)
    {
        File.WriteAllText(_folder["rubbish.pem"], "rubbish");
        var error = Assert.Throws<TarnException>(() => new TlsCertificate(_folder[certificate], _folder["rubbish.pem"], _time, TestDoor.Silent));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("tls.certificate and tls.key", error.Message, StringComparison.Ordinal);
    }

    // A renewal gives the files another time, even where the clock of the disk is coarse.
    private static void Renew(string from, string to)
    {
        File.Copy(from, to, overwrite: true);
        File.SetLastWriteTimeUtc(to, DateTime.UtcNow.AddMinutes(1));
    }
}
