using Tarn.Access.Auditing;
using Tarn.Access.Identities;
using Tarn.Access.Secrets;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Administration;

/// <summary>
/// Changes identities: the one implementation behind the command line, SQL and HTTP. Every change is one atomic commit, decided on the newest
/// state, and an event of the audit trail. Whoever calls has checked that the caller may.
/// </summary>
public sealed partial class AccessAdministration
{
    private readonly AccessStates _states;
    private readonly SecretVault _vault;
    private readonly IAuditLog _audit;
    private readonly AccessOptions _options;

    internal AccessAdministration(AccessStates states, SecretVault vault, IAuditLog audit, AccessOptions options) =>
        (_states, _vault, _audit, _options) = (states, vault, audit, options);

    private DateTimeOffset Now => _options.Time.GetUtcNow();

    private async ValueTask ChangeAsync(string action, string resource, Func<AccessState, IReadOnlyList<AccessRecordChange>> decide, CancellationToken cancellationToken)
    {
        try
        {
            await _states.ChangeAsync(_options.Principal, decide, cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error)
        {
            Audit(action, resource, error.Message, isDone: false);
            throw;
        }

        Audit(action, resource, "done", isDone: true);
    }

    private void Audit(string action, string resource, string reason, bool isDone) =>
        _audit.Record(new AuditEvent(Now, AuditKind.Administration, _options.Principal, null, action, resource, null, isDone, reason, null));

    private static Account RequireAccount(AccessState state) =>
        state.Account ?? throw TarnException.NotFound("There are no identities yet; start the server once ('tarn up'), or add a user.");

    private static User RequireUser(AccessState state, string name) =>
        state.FindUser(name) ?? throw TarnException.NotFound($"User '{name}' does not exist; 'tarn user list' shows those that do.");

    private static AccessKey RequireKey(AccessState state, string id) =>
        state.FindKey(id) ?? throw TarnException.NotFound($"Access key '{id}' does not exist; 'tarn key list' shows those that do.");

    private static Group RequireGroup(AccessState state, string name) =>
        state.FindGroup(name) ?? throw TarnException.NotFound($"Group '{name}' does not exist; 'tarn group list' shows those that do.");

    private static Role RequireRole(AccessState state, string name) =>
        state.FindRole(name) ?? throw TarnException.NotFound($"Role '{name}' does not exist; 'tarn role list' shows those that do.");
}
