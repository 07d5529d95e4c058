using Microsoft.Extensions.AI;

namespace Minions.Benchmarks.Micro;

/// <summary>A chat of some length: every fourth answer asks a tool first, and all texts differ.</summary>
internal static class LongChat
{
    private const int TurnsToCall = 4;

    /// <summary>The tools that are offered in it.</summary>
    public static IReadOnlyList<AITool> Tools { get; } =
    [
        AIFunctionFactory.Create((string city, int days, bool isExact) => $"{city} {days} {isExact}", "get_weather", "The weather in a city for some days."),
        AIFunctionFactory.Create((string[] words, string? language) => $"{words.Length} {language}", "look_up", "Looks words up in a dictionary."),
    ];

    /// <summary>A system message and turns of the user, all but the last one answered.</summary>
    public static List<ChatMessage> Of(int turns)
    {
        var chat = new List<ChatMessage> { new(ChatRole.System, "You are a guide for travellers. " + Prose(turns)) };
        for (int turn = 0; turn < turns; turn++)
        {
            chat.Add(new ChatMessage(ChatRole.User, $"Question {turn}: " + Prose(turn)));
            if (turn == turns - 1)
                break;
            if (turn % TurnsToCall == TurnsToCall - 1)
                chat.AddRange(Call(turn));
            chat.Add(new ChatMessage(ChatRole.Assistant, $"Answer {turn}: {Prose(turn)} \"{Prose(turn + 1)}\""));
        }

        return chat;
    }

    private static ChatMessage[] Call(int turn)
    {
        string id = $"call_{turn}";
        var arguments = new Dictionary<string, object?> { ["city"] = "Zürich", ["days"] = turn, ["isExact"] = true };
        return
        [
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent(id, "get_weather", arguments)]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent(id, $"{{\"degrees\": {turn}.5, \"sky\": \"clear\"}}")]),
        ];
    }

    private static string Prose(int seed) =>
        string.Join(' ', Enumerable.Range(seed, 8).Select(place => $"The {place}th of the valleys is green, and its river {place * 7 % 31} km long."));
}
