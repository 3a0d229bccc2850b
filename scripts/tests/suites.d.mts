export declare const idle: readonly string[];
export declare const together: readonly string[];
