using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>Renders a conversation by the chat template of a model.</summary>
/// <param name="messages">The messages, as templates expect them.</param>
/// <param name="tools">The tools, as templates expect them.</param>
/// <param name="addGenerationPrompt">Whether the start of the model's answer follows.</param>
/// <returns>The text.</returns>
internal delegate string TemplateRender(JsonArray messages, JsonArray? tools, bool addGenerationPrompt);
