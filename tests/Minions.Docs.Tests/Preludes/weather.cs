using Microsoft.Extensions.AI;

AIFunction weather = AIFunctionFactory.Create((string town) => $"{town}: sun", "weather");
