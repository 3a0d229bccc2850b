export declare const idle: readonly string[];
