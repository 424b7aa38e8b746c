using System.ComponentModel;
using System.Diagnostics;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing;

namespace Tarn.Interop.Tests.ObjectStore;

/// <summary>Unmodified clients against <c>tarn up</c>: each stores, reads, lists, shares and deletes, with files large enough for several parts.</summary>
public sealed class ObjectStoreClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Boto3_ItsScenario_IsDone(bool isTls)
    {
        if (await PeerCache.ObjectStorePythonAsync() is { } python)
            await RunAsync(python, "boto3_client.py", isTls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PyArrow_ItsScenario_IsDone(bool isTls)
    {
        if (await PeerCache.PythonAsync() is { } python)
            await RunAsync(python, "pyarrow_client.py", isTls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DuckDbHttpfs_ItsScenario_IsDone(bool isTls)
    {
        if (await PeerCache.PythonAsync() is { } python)
            await RunAsync(python, "duckdb_client.py", isTls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AwsSdkForJavaScript_ItsScenario_IsDone(bool isTls)
    {
        if (Has("node") && await PeerCache.NpmAsync("aws-sdk-1", "@aws-sdk/client-s3@3", "@aws-sdk/lib-storage@3", "@aws-sdk/s3-request-presigner@3") is { } folder)
            await RunNodeAsync(folder, "aws_sdk.mjs", isTls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MinioJs_ItsScenario_IsDone(bool isTls)
    {
        if (Has("node") && await PeerCache.NpmAsync("minio-js-1", "minio@8") is { } folder)
            await RunNodeAsync(folder, "minio.mjs", isTls);
    }

    [Theory]
    [InlineData("aws", "aws_cli.sh", false)]
    [InlineData("aws", "aws_cli.sh", true)]
    [InlineData("s3cmd", "s3cmd.sh", false)]
    [InlineData("s3cmd", "s3cmd.sh", true)]
    [InlineData("rclone", "rclone.sh", false)]
    [InlineData("rclone", "rclone.sh", true)]
    public async Task CommandLine_ItsScenario_IsDone(string program, string script, bool isTls)
    {
        if (Has(program) && Has("python3"))
            await RunAsync("bash", script, isTls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AwsSdkForNet_ItsScenario_IsDone(bool isTls)
    {
        if (Has("bash") && Has("python3"))
            await RunAsync("bash", "aws_sdk_net.sh", isTls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task IcebergS3FileIo_ItsScenario_IsDone(bool isTls)
    {
        if (SharedFolder.TryGet("peers") is not { } peers || !Has("java") || !Has("bash"))
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls);
        string keys = $"export AWS_ACCESS_KEY_ID={ObjectStoreServer.AccessKey} AWS_SECRET_ACCESS_KEY={ObjectStoreServer.Secret}";
        string script = ScriptPath("s3_file_io.sh");
        string[] words = ["-c", $"{keys}; . '{script}'", script, server.Endpoint, peers, ScriptPath("S3FileIoScenario.java"), isTls ? server.Certificate : ""];
        Done(await PeerProcess.RunAsync("bash", words, [], server.Folder));
    }

    private static bool Has(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return true;
        }
        catch (Win32Exception)
        {
        }

        LoudSkip.Say($"'{program}' is not installed; the object store was not tried with it.");
        return false;
    }

    // A module is looked for from the folder of the file that imports it.
    private static async Task RunNodeAsync(string folder, string script, bool isTls)
    {
        await using var server = await ObjectStoreServer.StartAsync(isTls);
        string copy = Path.Join(folder, $"{Guid.NewGuid():N}.mjs");
        File.Copy(ScriptPath(script), copy);
        try
        {
            string[] node = isTls ? [$"NODE_EXTRA_CA_CERTS={server.Certificate}", "node"] : ["node"];
            Done(await PeerProcess.RunAsync("env", [.. node, copy, server.Endpoint, ObjectStoreServer.AccessKey, ObjectStoreServer.Secret], []));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static async Task RunAsync(string program, string script, bool isTls)
    {
        await using var server = await ObjectStoreServer.StartAsync(isTls);
        string authority = isTls ? server.Certificate : "", tarn = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string environment = $"export AWS_ACCESS_KEY_ID={ObjectStoreServer.AccessKey} AWS_SECRET_ACCESS_KEY={ObjectStoreServer.Secret} PATH='{tarn}':$PATH";
        string[] words = program == "bash"
            ? ["-c", $"{environment}; . '{ScriptPath(script)}'", script, server.Endpoint, authority]
            : [ScriptPath(script), server.Endpoint, ObjectStoreServer.AccessKey, ObjectStoreServer.Secret, authority];
        Done(await PeerProcess.RunAsync(program, words, [], server.Folder));
    }

    private static void Done(IReadOnlyList<string> lines) => Assert.Equal("done", lines[^1]);

    private static string ScriptPath(string name) => Path.Join(AppContext.BaseDirectory, "ObjectStore", "Clients", name);
}
