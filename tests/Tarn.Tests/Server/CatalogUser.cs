namespace Tarn.Tests.Server;

/// <summary>A user, made by the command line, with a policy of the same name.</summary>
internal static class CatalogUser
{
    /// <summary>A statement that allows something in the catalog.</summary>
    /// <param name="actions">The actions, each in quotes.</param>
    /// <param name="resource">What follows <c>arn:tarn:catalog:::</c>.</param>
    public static string Allow(string actions, string resource) => $$"""{"Effect":"Allow","Action":[{{actions}}],"Resource":"arn:tarn:catalog:::{{resource}}"}""";

    /// <summary>Gives a user's policy these statements, in the place of those that it has.</summary>
    public static async Task PutPolicyAsync(TarnProcess tarn, string name, string statements)
    {
        await File.WriteAllTextAsync(Path.Join(tarn.Folder, name + ".json"), $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""");
        Assert.Equal(0, (await tarn.RunAsync("policy", "put", name, name + ".json")).ExitCode);
    }

    /// <summary>Adds the user, with a policy of these statements.</summary>
    /// <returns>The user's key.</returns>
    public static async Task<(string Id, string Secret)> AddAsync(TarnProcess tarn, string name, string statements)
    {
        await PutPolicyAsync(tarn, name, statements);
        var made = await tarn.RunAsync("user", "add", name, "--policy", name, "--format", "csv");
        Assert.True(made.ExitCode == 0, $"{made}");
        string[] row = made.Out.Trim().Split('\n')[^1].Split(',');
        return (row[1].Trim(), row[2].Trim());
    }
}
