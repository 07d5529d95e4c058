using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The tools that a request offers to the model.</summary>
internal sealed class ToolCatalog
{
    private readonly Dictionary<string, AIFunctionDeclaration> _tools;
    private readonly List<AIFunctionDeclaration> _inOrder;

    private ToolCatalog(List<AIFunctionDeclaration> inOrder)
    {
        _inOrder = inOrder;
        _tools = inOrder.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    /// <summary>No tools.</summary>
    public static ToolCatalog Empty { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => _inOrder.Count;

    /// <summary>Takes the tools of a request.</summary>
    /// <exception cref="NotSupportedException">A tool is no function.</exception>
    /// <exception cref="ArgumentException">A tool has no name, a name that another one has, or a schema that cannot be put to a model.</exception>
    public static ToolCatalog From(IEnumerable<AITool>? tools)
    {
        if (tools is null)
            return Empty;

        List<AIFunctionDeclaration> functions = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (AITool tool in tools)
        {
            AIFunctionDeclaration function = tool as AIFunctionDeclaration ?? throw new NotSupportedException(
                $"The tool '{tool?.Name}' is a {tool?.GetType().Name ?? "null"}. A local model can only be offered functions: declare it as an AIFunction.");
            if (string.IsNullOrWhiteSpace(function.Name))
                throw new ArgumentException($"The tool at index {functions.Count} has no name. Give it one.", nameof(tools));
            if (!names.Add(function.Name))
                throw new ArgumentException($"Two tools are named '{function.Name}'. Give every tool a name of its own.", nameof(tools));

            ToolSchemaCheck.Check(function.Name, function.JsonSchema);
            functions.Add(function);
        }

        return functions.Count == 0 ? Empty : new ToolCatalog(functions);
    }

    /// <summary>Whether a tool of this name was offered.</summary>
    public bool Has(string name) => _tools.ContainsKey(name);

    /// <summary>The schema of a tool's parameter, if there is one.</summary>
    public ParameterSchema? Parameter(string tool, string parameter)
    {
        if (!_tools.TryGetValue(tool, out AIFunctionDeclaration? function))
            return null;

        bool found = function.JsonSchema.TryGetProperty("properties", out JsonElement properties)
            && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty(parameter, out JsonElement schema);
        return found ? new ParameterSchema(function.JsonSchema, properties.GetProperty(parameter)) : null;
    }

    /// <summary>The tools as chat templates expect them in their variable <c>tools</c>.</summary>
    /// <returns><see langword="null"/> when there are none.</returns>
    public JsonArray? ToTemplate()
    {
        if (_inOrder.Count == 0)
            return null;

        JsonArray list = [];
        foreach (AIFunctionDeclaration function in _inOrder)
        {
            list.Add((JsonNode)new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = function.Name,
                    ["description"] = function.Description,
                    ["parameters"] = JsonObject.Create(function.JsonSchema),
                },
            });
        }

        return list;
    }
}
