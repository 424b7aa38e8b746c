using Tarn.Testing;

namespace Tarn.Tests.Server;

/// <summary>What boto3, in the hands of root, does to a running server.</summary>
internal static class Boto3Script
{
    private const string Head = """
        import boto3, sys, botocore.config
        s3 = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id="rootkey", aws_secret_access_key="rootsecret", region_name="us-east-1",
                          config=botocore.config.Config(s3={"addressing_style": "path"}))

        """;

    /// <summary>Whether boto3 is on this machine; otherwise that is said.</summary>
    public static bool IsThere => PythonTool.Has("boto3");

    /// <summary>Runs a script, which finds the client as <c>s3</c> and its words from <c>sys.argv[2]</c> on.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(RunningServer server, string script, params string[] words) =>
        PythonTool.Run("boto3", Head + script, ["http://" + server.Listeners["s3"], .. words]).Trim();
}
