using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.Chat;

/// <summary>The leading system message: templates take one, and take it first.</summary>
internal static class SystemMessage
{
    /// <summary>Changes its text, or puts one in front.</summary>
    /// <param name="messages">The messages as templates expect them.</param>
    /// <param name="change">Makes the text of the one that is there, or of none.</param>
    public static void Put(JsonArray messages, Func<string?, string> change)
    {
        if (messages[0] is JsonObject first && (string?)first["role"] == "system")
            first["content"] = change((string?)first["content"]);
        else
            messages.Insert(0, new JsonObject { ["role"] = "system", ["content"] = change(null) });
    }
}
