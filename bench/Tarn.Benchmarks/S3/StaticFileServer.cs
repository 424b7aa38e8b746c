using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Tarn.Benchmarks.S3;

/// <summary>The same web server without an object store: what it gives for a file is the limit of a download. Runs in a process of its own.</summary>
internal static class StaticFileServer
{
    /// <summary>Serves one file for every request; prints its address, and ends when its input ends.</summary>
    public static async Task RunAsync(string file)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var application = builder.Build();
        long length = new FileInfo(file).Length;
        application.Run(async http =>
        {
            http.Response.ContentLength = length;
            await http.Response.SendFileAsync(file, http.RequestAborted);
        });
        await application.StartAsync();
        Console.WriteLine(new Uri(application.Urls.First()).Authority);
        await Console.In.ReadToEndAsync();
    }
}
