using Tarn.CommandLine;

namespace Tarn.Commands.Catalogs;

/// <summary><c>tarn catalog protect</c> and <c>unprotect</c>.</summary>
internal static class ProtectionCommands
{
    private static readonly ArgumentSpec s_name = new("NAME", "schema, schema.table or schema.view");

    public static CommandSpec Protect => new("catalog protect", "refuse that a table, a view, or a schema with everything inside is dropped")
    {
        Arguments = [s_name],
        Options = [CatalogSession.Warehouse],
        Examples = [new("tarn catalog protect silver.orders", "until the protection is lifted, whoever asks"), new("tarn catalog protect gold", "a schema and all that is in it")],
        Run = Setting(true),
    };

    public static CommandSpec Unprotect => new("catalog unprotect", "lift a protection")
    {
        Arguments = [s_name],
        Options = [CatalogSession.Warehouse],
        Examples = [new("tarn catalog unprotect silver.orders", "it can be dropped again")],
        Run = Setting(false),
    };

    private static Func<CommandContext, CancellationToken, Task<int>> Setting(bool isProtected) => CatalogSession.Change(async (context, catalogs, cancellationToken) =>
    {
        var catalog = await CatalogSession.CatalogOfAsync(context, catalogs, cancellationToken);
        string text = context.Words.Arguments[0];
        await catalog.ProtectAsync(text.Split('.'), isProtected, cancellationToken);
        context.Say(isProtected ? $"{text} is protected." : $"{text} is not protected any more.");
    });
}
