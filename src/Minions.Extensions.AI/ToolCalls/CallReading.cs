using System.Text.Json;
using Minions.Core.Generation;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The reading of one piece of call markup: where its text comes from and where what it says goes to.</summary>
internal sealed class CallReading
{
    private readonly PartSink _parts;

    public CallReading(OutputCursor cursor, PartSink parts, ToolCatalog tools, string opener)
    {
        Cursor = cursor;
        _parts = parts;
        Tools = tools;
        Opener = opener;
    }

    /// <summary>The output, behind the opener.</summary>
    public OutputCursor Cursor { get; }

    /// <summary>The tools that were offered.</summary>
    public ToolCatalog Tools { get; }

    /// <summary>The marker that started the markup.</summary>
    public string Opener { get; }

    /// <summary>The name of the tool whose call is being read, once known.</summary>
    public string? Name { get; set; }

    /// <summary>Finds the tool's name in the text of a call that is cut off.</summary>
    public Func<string, string?> NameFinder { get; set; } = static text => CallObject.NameIn(text);

    /// <summary>Whether a call is being read. If not, an output that ends here has lost nothing.</summary>
    public bool IsInCall { get; set; } = true;

    /// <summary>Whether what is being read is reasoning.</summary>
    public bool IsInReasoning { get; set; }

    /// <summary>Goes back before the opener.</summary>
    public void Unread()
    {
        Cursor.Reset();
    }

    /// <summary>Says that the text that comes next is a message of its own.</summary>
    public void StartMessage() => _parts.Separate();

    /// <summary>Adds text of the answer.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        _parts.Text(text);
        Cursor.Mark();
    }

    /// <summary>Adds text of the reasoning.</summary>
    public void Reasoning(ReadOnlySpan<char> text)
    {
        _parts.Reasoning(text);
        Cursor.Mark();
    }

    /// <summary>Adds a call that is written as a JSON object with name and arguments.</summary>
    /// <param name="json">The object.</param>
    public void CallFrom(string json)
    {
        try
        {
            CallObject call = CallObject.Parse(json);
            Call(call.Name, call.ArgumentsText);
        }
        catch (JsonException exception)
        {
            Broken(CallObject.NameIn(json), json, exception);
        }
    }

    /// <summary>Adds a call.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">The text of a JSON object.</param>
    public void Call(string name, string arguments)
    {
        try
        {
            CallArguments parsed = CallArguments.Parse(arguments);
            Add(name, parsed.Text, parsed.Members, null, false);
        }
        catch (JsonException exception)
        {
            Broken(name, arguments, exception);
        }
    }

    /// <summary>Adds a call whose arguments cannot be read.</summary>
    public void Broken(string? name, string text, Exception exception) =>
        Add(name ?? string.Empty, text, null, exception, false);

    /// <summary>Adds the call that the end of the output cut off.</summary>
    /// <param name="reason">Why the output ended.</param>
    public void CutOff(FinishReason reason)
    {
        if (!IsInCall)
            return;

        string text = Cursor.SinceMark.ToString();
        Name ??= NameFinder(text);
        string tool = string.IsNullOrEmpty(Name) ? "a tool" : $"the tool '{Name}'";
        Add(Name ?? string.Empty, text, null, new EndOfStreamException(Why(reason, tool)), true);
    }

    private static string Why(FinishReason reason, string tool) =>
        reason == FinishReason.Length ? $"The output reached its limit inside a call of {tool}. Allow more output tokens, or a longer context."
        : reason == FinishReason.StopSequence ? $"A stop sequence ended the output inside a call of {tool}. Stop sequences apply to all that the model writes: use none that calls contain."
        : reason == FinishReason.EndToken ? $"The model ended its output inside a call of {tool}. Ask it again."
        : $"The output ended inside a call of {tool}.";

    private void Add(string name, string text, IDictionary<string, object?>? arguments, Exception? error, bool cutOff)
    {
        _parts.Call(name, text, arguments, error, cutOff);
        Name = null;
        Cursor.Mark();
    }
}
