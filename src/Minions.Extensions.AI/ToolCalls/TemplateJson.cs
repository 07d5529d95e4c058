using System.Text.Encodings.Web;
using System.Text.Json;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>How JSON is written for models: text as it is, as Python writes it, not escaped for web pages.</summary>
internal static class TemplateJson
{
    public static JsonSerializerOptions Unescaped { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
