using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;

namespace Tarn.Server.Listening;

/// <summary>
/// The certificate of all listeners, from PEM files. When the files change (a renewal), the next handshakes use the new one; connections that are
/// open go on. Files that do not fit together, as in the middle of a renewal, are tried again, and until then the old certificate serves.
/// </summary>
internal sealed partial class TlsCertificate
{
    // A handshake costs a millisecond; two calls of stat in every tenth second cost nothing beside it.
    private static readonly TimeSpan s_checkEvery = TimeSpan.FromSeconds(1);

    private readonly string _certificatePath, _keyPath;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _reload = new();
    private volatile Loaded _loaded;
    private long _checkedAt;

    /// <summary>Loads the certificate.</summary>
    /// <param name="certificatePath">PEM file: the certificate, then its chain.</param>
    /// <param name="keyPath">PEM file: its private key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of renewals.</param>
    /// <exception cref="TarnException">InvalidRequest: the files are missing, unreadable or do not fit together.</exception>
    public TlsCertificate(string certificatePath, string keyPath, TimeProvider time, ILogger logger)
    {
        (_certificatePath, _keyPath, _time, _logger) = (certificatePath, keyPath, time, logger);
        _checkedAt = time.GetTimestamp();
        try
        {
            _loaded = Load();
        }
        catch (Exception error) when (IsUnusable(error))
        {
            throw TarnException.Invalid(Problem(error), error);
        }
    }

    /// <summary>The certificate that the next handshake gets.</summary>
    public X509Certificate2 Current => Fresh().Certificate;

    /// <summary>The handshakes of a listener.</summary>
    public TlsHandshakeCallbackOptions Handshake(HttpProtocols protocols)
    {
        List<SslApplicationProtocol> offered = protocols.HasFlag(HttpProtocols.Http2) ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http11];
        return new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = Fresh().Context, ApplicationProtocols = offered }),
        };
    }

    private Loaded Fresh()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _checkedAt)) < s_checkEvery || !_reload.TryEnter())
            return _loaded;
        try
        {
            Volatile.Write(ref _checkedAt, _time.GetTimestamp());
            if (Stamp() != _loaded.Stamp)
            {
                _loaded = Load();
                LogRenewed(_certificatePath, _loaded.Certificate.NotAfter);
            }
        }
        catch (Exception error) when (IsUnusable(error))
        {
            LogNotRenewed(Problem(error));
        }
        finally
        {
            _reload.Exit();
        }

        return _loaded;
    }

    private Loaded Load()
    {
        var stamp = Stamp();
        var certificate = X509Certificate2.CreateFromPemFile(_certificatePath, _keyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificatePath);
        return new Loaded(certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true), stamp);
    }

    private (DateTime, DateTime) Stamp() => (File.GetLastWriteTimeUtc(_certificatePath), File.GetLastWriteTimeUtc(_keyPath));

    /// <summary>Whether loading failed because of the files: ArgumentException says that the key is another certificate's.</summary>
    internal static bool IsUnusable(Exception error) => error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private string Problem(Exception error) =>
        $"The certificate '{_certificatePath}' with the key '{_keyPath}' cannot be used: {error.Message.TrimEnd('.')}. Both are PEM files that belong together, the key not encrypted: tls.certificate and tls.key";

    private sealed record Loaded(X509Certificate2 Certificate, SslStreamCertificateContext Context, (DateTime, DateTime) Stamp);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate {Path} was renewed and is valid until {NotAfter:yyyy-MM-dd}")]
    private partial void LogRenewed(string path, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Error, Message = "The renewed certificate is not used, the old one goes on: {Reason}")]
    private partial void LogNotRenewed(string reason);
}
