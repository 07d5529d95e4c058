using System.Collections.Frozen;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>What stands behind <c>|</c>.</summary>
internal delegate Value TemplateFilter(Value value, Arguments arguments, RenderRun run);

/// <summary>Jinja's filters, and <c>tojson</c> as Hugging Face has it.</summary>
internal static class Filters
{
    // Filters of Jinja that no prompt needs, or that would give another text each time.
    private static readonly FrozenSet<string> Refused = ["pprint", "random", "striptags", "urlize", "wordwrap", "xmlattr"];

    private static readonly FrozenDictionary<string, TemplateFilter> Table =
        TextFilters.All.Concat(ListFilters.All).Concat(SelectionFilters.All).Concat(NumberFilters.All)
            .Append(("tojson", JsonText.Write))
            .Concat(Refused.Select(Refuse))
            .ToFrozenDictionary(entry => entry.Name, entry => entry.Filter);

    public static TemplateFilter? Find(string name) => Table.GetValueOrDefault(name);

    /// <summary>Throws where no template may use a filter of this name.</summary>
    public static void Check(string name)
    {
        Require(name);
        if (Refused.Contains(name))
            throw NotOffered(name);
    }

    public static TemplateFilter Require(string name) => Find(name) ?? throw new TemplateFault(FaultKind.UnknownName, $"No filter named {PythonText.Quote(name)}.");

    /// <summary>Makes a filter of a signature and what reads the arguments in its order.</summary>
    public static (string Name, TemplateFilter Filter) Of(string name, int required, string[] parameters, Func<Value, Value?[], RenderRun, Value> body)
    {
        var signature = new Signature($"do_{name}", required, parameters);
        return (name, (value, arguments, run) => body(value, signature.Bind(arguments), run));
    }

    private static (string Name, TemplateFilter Filter) Refuse(string name) => (name, (_, _, _) => throw NotOffered(name));

    private static TemplateFault NotOffered(string name) =>
        new(FaultKind.Forbidden, $"the filter '{name}' is one of Jinja's that is not offered to chat templates");
}
