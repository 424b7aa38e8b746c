using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Access.Auditing;
using Tarn.Access.Sessions;
using Tarn.Storage.Buckets;
using Tarn.Testing.Access;
using Tarn.Testing.Files;

namespace Tarn.S3.Tests.Hosting;

/// <summary>The S3 door on ports of its own, over a fresh data folder, with and without TLS.</summary>
internal sealed class S3TestServer : IAsyncDisposable
{
    public const string AccessKey = "tarnroot", Secret = "tarnrootsecret";

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly BucketStore _store;
    private readonly AccessServices _access;

    private S3TestServer(TemporaryFolder folder, WebApplication app, BucketStore store, AccessServices access)
        => (_folder, _app, _store, _access) = (folder, app, store, access);

    public Uri Http => Address("http://");

    public Uri Https => Address("https://");

    public IBucketStore Store => _store;

    public IAccessControl Access => _access.Control;

    public AccessAdministration Administration => _access.Administration;

    public SecurityTokenService Tokens => _access.Tokens;

    public string DataFolder => _folder.Path;

    /// <summary>Starts it. Its root key is <see cref="AccessKey"/> unless <paramref name="root"/> names another.</summary>
    public static async Task<S3TestServer> StartAsync(
        S3Options? options = null, TimeProvider? time = null, (string Id, string Secret)? root = null, Action<KestrelServerOptions>? configure = null,
        IGrantReview? grants = null)
    {
        var folder = new TemporaryFolder();
        time ??= TimeProvider.System;
        var store = await BucketStore.OpenAsync(folder.Path, time: time);
        var access = new AccessServices(new MemoryAccessStore(), new() { DataFolder = folder.Path, Time = time });
        await access.Administration.EnsureRootAsync(new RootCredential(root?.Id ?? AccessKey, root?.Secret ?? Secret));
        options ??= new();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.ApplyTarnS3(options);
            configure?.Invoke(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate()));
        });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error);
        builder.Services.AddMetrics().AddSingleton<IBucketStore>(store).AddSingleton(access.Control).AddSingleton(access.Tokens).AddSingleton(time).AddTarnS3(options);
        if (grants is not null)
            builder.Services.AddSingleton(grants);
        var app = builder.Build();
        ((IApplicationBuilder)app).MapTarnS3();
        await app.StartAsync();
        return new(folder, app, store, access);
    }

    /// <summary>Ends the audit trail and reads it.</summary>
    public async Task<List<AuditEvent>> EndAuditAsync(AuditQuery query)
    {
        await _access.DisposeAsync();
        return await AuditTrail.ReadAsync(DataFolder, query);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        await _access.DisposeAsync();
        _folder.Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private Uri Address(string scheme)
        => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(a => a.StartsWith(scheme, StringComparison.Ordinal)));
}
