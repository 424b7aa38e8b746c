using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tarn.Configuration;
using Tarn.Server.Listening;

namespace Tarn.Tests.Server.Listening;

/// <summary>A door on a free port that answers as a test says.</summary>
internal static class TestDoor
{
    public static DoorHost Create(RequestDelegate answer, TlsCertificate? tls = null, long maxBodyBytes = 1_000) => new(
        new DoorSpec("test", ConfigurationKeys.ListenHttp, new ListenAddress("127.0.0.1", 0)) { Map = application => application.Run(answer), MaxRequestBodyBytes = maxBodyBytes },
        tls, NullLoggerFactory.Instance, TimeProvider.System);

    public static ILogger Silent => NullLogger.Instance;

    public static RequestDelegate Hello { get; } = static context => context.Response.WriteAsync("hello");
}
